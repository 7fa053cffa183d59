/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.testing;

import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.attest.Registrations;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthoritySettings;
import io.hanse.ca.authority.RotationSchedule;
import io.hanse.ca.issuance.IssuanceSettings;
import io.hanse.ca.issuance.IssuedSvid;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.issuance.SvidRequest;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.StateFile;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.keys.SigningKey;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.time.ManualClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** The parts of a certificate authority below its edges, in one directory. Open it again to restart it. */
public final class TestCa implements AutoCloseable {

    public static final TrustDomain TRUST_DOMAIN = new TrustDomain("lubeck.example");
    public static final Instant START = Instant.parse("2026-11-23T09:00:00Z");
    public static final Duration LIFETIME = Duration.ofHours(24);
    public static final Duration HINT = Duration.ofMinutes(5);
    public static final Duration SVID = Duration.ofHours(1);
    public static final Duration JWT = Duration.ofMinutes(5);

    public static final CryptoProvider CRYPTO = CryptoProvider.choose();

    public final Path directory;
    public final ManualClock clock;
    public final SecureRandom random = new SecureRandom();
    public final KeyEncryptionKey kek;
    public final StateFile file;
    public final IssuanceJournal journal;
    public final Authorities authorities;
    public final Issuer issuer;

    private TestCa(Path directory, ManualClock clock, AuthoritySettings settings) {
        this.directory = directory;
        this.clock = clock;
        this.file = new StateFile(directory.resolve("authorities.json"), TRUST_DOMAIN);
        this.kek = KeyEncryptionKey.load(kekFile(), file.exists(), random);
        this.journal = IssuanceJournal.open(directory.resolve("issued"), clock);
        this.authorities = Authorities.open(TRUST_DOMAIN, settings, CRYPTO, kek, file, journal, random, clock);
        this.issuer = new Issuer(TRUST_DOMAIN, new IssuanceSettings(SVID, JWT), authorities, journal, random, clock);
    }

    public static TestCa open(Path directory, ManualClock clock) {
        return open(directory, clock, settings(KeyKind.EC_P256, KeyKind.EC_P256));
    }

    public static TestCa open(Path directory, ManualClock clock, AuthoritySettings settings) {
        return new TestCa(directory, clock, settings);
    }

    public static ManualClock clockAtStart() {
        return new ManualClock(START);
    }

    public static AuthoritySettings settings(KeyKind x509, KeyKind jwt) {
        return new AuthoritySettings(x509, jwt, new RotationSchedule(LIFETIME, HINT));
    }

    public Path kekFile() {
        return directory.resolve("secrets").resolve("kek");
    }

    public JoinTokens tokens() {
        return new JoinTokens(directory.resolve("join-tokens.json"), random, clock, version -> {});
    }

    public BannedNodes banned() {
        return new BannedNodes(directory.resolve("banned-nodes.json"), clock, version -> {});
    }

    public Admission admission(Registrations registrations) {
        return new Admission(TRUST_DOMAIN, tokens(), banned(), registrations);
    }

    /** A leaf for a fresh key. */
    public IssuedSvid issue(String path) {
        return issue(path, Duration.ZERO);
    }

    public IssuedSvid issue(String path, Duration wanted) {
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, CRYPTO);
        SpiffeId id = new SpiffeId(TRUST_DOMAIN, path);
        return issuer.issue(issuer.prepare(new SvidRequest(id, key.publicKey(), wanted, "test")));
    }

    @Override
    public void close() {
        journal.close();
    }
}
