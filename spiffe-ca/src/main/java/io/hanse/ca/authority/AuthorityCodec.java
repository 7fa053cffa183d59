/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.authority.Authority.Active;
import io.hanse.ca.authority.Authority.Prepared;
import io.hanse.ca.authority.Authority.Retired;
import io.hanse.ca.authority.Authority.Retiring;
import io.hanse.ca.authority.Authority.Tainted;
import io.hanse.ca.journal.StoredAuthority;
import io.hanse.ca.journal.StoredState;
import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.keys.SigningKey;
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.Lifetime;
import io.hanse.model.identity.TrustDomain;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/** Authorities to and from the state file; private keys only sealed, bound to trust domain, kind and key ID. */
final class AuthorityCodec {

    private final TrustDomain trustDomain;
    private final KeyEncryptionKey kek;
    private final CryptoProvider crypto;

    AuthorityCodec(TrustDomain trustDomain, KeyEncryptionKey kek, CryptoProvider crypto) {
        this.trustDomain = trustDomain;
        this.kek = kek;
        this.crypto = crypto;
    }

    StoredState encode(AuthorityImage image) {
        List<StoredAuthority> authorities = Stream.of(image.x509(), image.jwt())
                .flatMap(roster -> roster.authorities().stream().map(one -> encode(roster.kind(), one)))
                .toList();
        return new StoredState(StoredState.FORMAT, trustDomain.name(), image.version(), kek.id(), authorities);
    }

    /** @throws CaException if the key-encryption key is another one, or the state was altered */
    AuthorityImage decode(StoredState state) {
        kek.mustBe(state.kek());
        try {
            return new AuthorityImage(
                    trustDomain,
                    state.version(),
                    decode(AuthorityKind.X509, state.authorities()),
                    decode(AuthorityKind.JWT, state.authorities()));
        } catch (IllegalArgumentException | NoSuchElementException unlawful) {
            throw new CaException(
                    CaException.Code.STATE,
                    "the authorities' state breaks a rule: " + unlawful.getMessage(),
                    "restore the state directory from a backup",
                    unlawful);
        }
    }

    private Roster decode(AuthorityKind kind, List<StoredAuthority> stored) {
        return new Roster(
                kind,
                stored.stream()
                        .filter(one -> one.kind().equals(kind.text()))
                        .map(one -> decode(kind, one))
                        .toList());
    }

    private StoredAuthority encode(AuthorityKind kind, Authority authority) {
        Optional<AuthorityMaterial> kept = authority.kept();
        return new StoredAuthority(
                kind.text(),
                authority.keyId(),
                Roster.stateOf(authority),
                authority.since(),
                kept.map(m -> m.key().kind().text()),
                kept.map(m -> m.lifetime().notBefore()),
                kept.map(m -> m.lifetime().notAfter()),
                kept.map(m -> base64(m.key().publicKey().getEncoded())),
                kept.map(m -> m.key().seal(kek, context(kind, m.keyId()))),
                kept.flatMap(AuthorityMaterial::certificate).map(AuthorityCodec::encode));
    }

    private Authority decode(AuthorityKind kind, StoredAuthority stored) {
        return switch (stored.state()) {
            case "prepared" -> new Prepared(material(kind, stored), stored.since());
            case "active" -> new Active(material(kind, stored), stored.since());
            case "retiring" -> new Retiring(material(kind, stored), stored.since());
            case "tainted" -> new Tainted(material(kind, stored), stored.since());
            case "retired" -> new Retired(stored.keyId(), stored.since(), false);
            case "revoked" -> new Retired(stored.keyId(), stored.since(), true);
            default ->
                throw new IllegalArgumentException("state: %s (expected: one of ours)".formatted(stored.state()));
        };
    }

    private AuthorityMaterial material(AuthorityKind kind, StoredAuthority stored) {
        KeyKind keyKind = stored.keyKind().flatMap(KeyKind::parse).orElseThrow();
        SigningKey key = SigningKey.unseal(
                stored.sealedKey().orElseThrow(),
                context(kind, stored.keyId()),
                keyKind,
                Base64.getDecoder().decode(stored.publicKey().orElseThrow()),
                kek,
                crypto);
        if (!key.keyId().equals(stored.keyId())) {
            throw new IllegalArgumentException("key id: %s (expected: that of its key)".formatted(stored.keyId()));
        }
        if (kind == AuthorityKind.JWT) {
            return AuthorityMaterial.jwt(
                    key,
                    new Lifetime(
                            stored.notBefore().orElseThrow(), stored.notAfter().orElseThrow()));
        }
        X509Certificate certificate = Certificates.decode(
                Base64.getDecoder().decode(stored.certificate().orElseThrow()));
        if (!certificate.getPublicKey().equals(key.publicKey())) {
            throw new IllegalArgumentException(
                    "certificate: of another key (expected: of authority %s)".formatted(stored.keyId()));
        }
        return AuthorityMaterial.x509(key, certificate);
    }

    private String context(AuthorityKind kind, String keyId) {
        return "hanse-ca/1/" + trustDomain.name() + "/" + kind.text() + "/" + keyId;
    }

    private static String encode(X509Certificate certificate) {
        try {
            return base64(certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new CaException(
                    CaException.Code.INVARIANT, "a certificate lost its encoding", "report this as a bug", impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
