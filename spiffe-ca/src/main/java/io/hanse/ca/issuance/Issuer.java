/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import io.hanse.ca.attest.Refusal;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.authority.AuthorityMaterial;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.SignedEntry;
import io.hanse.ca.keys.CaException;
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.JwtSvidToken;
import io.hanse.ca.profile.Lifetime;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Signs SVIDs of one trust domain with its active authorities. Journal first, answer second: an SVID that nobody recorded
 * is never handed out.
 */
public final class Issuer {

    /** Audiences of one token: JWT-SVID 3.2 recommends one. */
    public static final int MAX_AUDIENCES = 8;

    /** Characters of one audience; most are a SPIFFE ID or a URL. */
    public static final int MAX_AUDIENCE_CHARACTERS = 2048;

    /**
     * Bytes of all audiences in the token's JSON: with the longest SPIFFE ID, a signature of RSA-4096 and Base64 it stays
     * below the 8 KiB that verifiers read.
     */
    static final int MAX_AUDIENCE_BYTES = 3 * 1024;

    /** Shorter ones would expire on their way. */
    private static final Duration LEAST_LIFETIME = Duration.ofSeconds(5);

    private static final int TOKEN_NAME_BYTES = 8;

    private final TrustDomain trustDomain;
    private final IssuanceSettings settings;
    private final Authorities authorities;
    private final IssuanceJournal journal;
    private final SecureRandom random;
    private final InstantSource clock;

    public Issuer(
            TrustDomain trustDomain,
            IssuanceSettings settings,
            Authorities authorities,
            IssuanceJournal journal,
            SecureRandom random,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.settings = settings;
        this.authorities = authorities;
        this.journal = journal;
        this.random = random;
        this.clock = clock;
    }

    /** A leaf with every field fixed. Works once, and only with the issuer that prepared it. */
    public static final class PreparedSvid {

        private final Issuer maker;
        private final SvidRequest request;
        private final AuthorityMaterial authority;
        private final Lifetime lifetime;
        private final BigInteger serial;
        private final AtomicBoolean used = new AtomicBoolean();

        private PreparedSvid(
                Issuer maker, SvidRequest request, AuthorityMaterial authority, Lifetime lifetime, BigInteger serial) {
            this.maker = maker;
            this.request = request;
            this.authority = authority;
            this.lifetime = lifetime;
            this.serial = serial;
        }

        public Lifetime lifetime() {
            return lifetime;
        }
    }

    /**
     * Fixes the profile: authority, serial, lifetime.
     *
     * @throws IllegalArgumentException if the ID is not a workload of this trust domain; callers check that first
     */
    public PreparedSvid prepare(SvidRequest request) {
        checkOurs(request.id());
        AuthorityMaterial authority = authorities.signer(AuthorityKind.X509);
        Lifetime lifetime = Lifetime.from(clock.instant(), granted(request.wanted()))
                .endingBy(authority.lifetime().notAfter());
        return new PreparedSvid(this, request, authority, lifetime, Certificates.randomSerial(random));
    }

    /**
     * Signs and records.
     *
     * @throws IllegalStateException if {@code prepared} was used before or made elsewhere
     */
    public IssuedSvid issue(PreparedSvid prepared) {
        if (prepared.maker != this || !prepared.used.compareAndSet(false, true)) {
            throw new IllegalStateException("a prepared SVID works once, where it was made");
        }
        SvidRequest request = prepared.request;
        X509Certificate issuer = prepared.authority.x509Certificate();
        X509Certificate leaf = Certificates.leaf(
                request.id(), request.key(), prepared.lifetime, prepared.serial, issuer, prepared.authority.key());
        journal.record(new SignedEntry(
                SignedEntry.Kind.X509_SVID,
                prepared.serial.toString(16),
                request.id(),
                prepared.authority.keyId(),
                prepared.lifetime.notAfter(),
                clock.instant(),
                request.requester()));
        return new IssuedSvid(List.of(leaf), authorities.image().bundle().x509Authorities());
    }

    /**
     * Signs a JWT-SVID for an identity that the caller may have.
     *
     * @return the token in compact form: a secret until it expires
     * @throws IllegalArgumentException if {@link #judge} refuses the audience; callers ask it first
     */
    public String mintJwt(SpiffeId id, List<String> audience, String requester) {
        checkOurs(id);
        if (judge(audience).isPresent()) {
            throw new IllegalArgumentException("audience: %s (expected: lawful, JWT-SVID 3.2)".formatted(audience));
        }
        AuthorityMaterial authority = authorities.signer(AuthorityKind.JWT);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant wanted = now.plus(settings.jwtSvid());
        Instant limit = authority.lifetime().notAfter();
        Instant expires = wanted.isAfter(limit) ? limit : wanted;
        String token = JwtSvidToken.sign(id, audience, now, expires, authority.key());
        journal.record(new SignedEntry(
                SignedEntry.Kind.JWT_SVID, nameOf(token), id, authority.keyId(), expires, clock.instant(), requester));
        return token;
    }

    /** Whether a token may name these audiences (JWT-SVID 3.2); empty if it may. */
    public static Optional<Refusal> judge(List<String> audience) {
        if (audience.isEmpty() || audience.size() > MAX_AUDIENCES) {
            return malformed("%d audiences (expected: 1 to %d)".formatted(audience.size(), MAX_AUDIENCES));
        }
        for (String one : audience) {
            if (one.isBlank()
                    || one.length() > MAX_AUDIENCE_CHARACTERS
                    || one.chars().anyMatch(c -> c < ' ')) {
                return malformed("an audience is empty, longer than %d characters, or holds a control character"
                        .formatted(MAX_AUDIENCE_CHARACTERS));
            }
        }
        if (audience.stream().distinct().count() < audience.size()) {
            return malformed("an audience is given twice");
        }
        int bytes = JwtSvidToken.audienceBytes(audience);
        return bytes > MAX_AUDIENCE_BYTES
                ? malformed("the audiences take %d bytes (expected: at most %d; longer tokens are refused by verifiers)"
                        .formatted(bytes, MAX_AUDIENCE_BYTES))
                : Optional.empty();
    }

    private static Optional<Refusal> malformed(String detail) {
        return Optional.of(new Refusal(Refusal.Code.AUDIENCE_MALFORMED, detail));
    }

    private Duration granted(Duration wanted) {
        Duration usual = settings.x509Svid();
        if (wanted.isZero() || wanted.isNegative() || wanted.compareTo(usual) > 0) {
            return usual;
        }
        return wanted.compareTo(LEAST_LIFETIME) < 0 ? LEAST_LIFETIME : wanted;
    }

    private void checkOurs(SpiffeId id) {
        if (!id.trustDomain().equals(trustDomain) || id.isTrustDomainId()) {
            throw new IllegalArgumentException(
                    "id: %s (expected: a path in trust domain %s, X509-SVID 3.1)".formatted(id, trustDomain));
        }
    }

    private static String nameOf(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, TOKEN_NAME_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new CaException(CaException.Code.CRYPTOGRAPHY, "SHA-256 is missing", "check the JVM", impossible);
        }
    }
}
