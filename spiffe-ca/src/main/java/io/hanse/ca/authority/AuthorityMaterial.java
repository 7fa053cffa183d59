/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.keys.SigningKey;
import io.hanse.ca.profile.Lifetime;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** A key with its public half as the bundle shows it. Any thread; says its key ID and nothing more. */
public final class AuthorityMaterial {

    private final AuthorityKind kind;
    private final SigningKey key;
    private final Lifetime lifetime;
    private final Optional<X509Certificate> certificate;

    private AuthorityMaterial(
            AuthorityKind kind, SigningKey key, Lifetime lifetime, Optional<X509Certificate> certificate) {
        this.kind = kind;
        this.key = key;
        this.lifetime = lifetime;
        this.certificate = certificate;
    }

    static AuthorityMaterial x509(SigningKey key, X509Certificate certificate) {
        Lifetime lifetime = new Lifetime(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
        return new AuthorityMaterial(AuthorityKind.X509, key, lifetime, Optional.of(certificate));
    }

    static AuthorityMaterial jwt(SigningKey key, Lifetime lifetime) {
        return new AuthorityMaterial(AuthorityKind.JWT, key, lifetime, Optional.empty());
    }

    public AuthorityKind kind() {
        return kind;
    }

    /** Subject key identifier in lower-case hex; the {@code kid} of a JWT authority. */
    public String keyId() {
        return key.keyId();
    }

    public SigningKey key() {
        return key;
    }

    /** When it may sign; nothing it signs outlives it. */
    public Lifetime lifetime() {
        return lifetime;
    }

    Optional<X509Certificate> certificate() {
        return certificate;
    }

    /**
     * The certificate of an X.509 authority.
     *
     * @throws IllegalStateException for a JWT authority
     */
    public X509Certificate x509Certificate() {
        return certificate.orElseThrow(() -> new IllegalStateException("a JWT authority has no certificate"));
    }

    @Override
    public String toString() {
        return "AuthorityMaterial[" + kind + " " + keyId() + "]";
    }
}
