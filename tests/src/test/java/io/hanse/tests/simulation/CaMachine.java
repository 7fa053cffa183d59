/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthorityImage;
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
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.Lifetime;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** spiffe-ca: its real authorities, schedule, journal and issuer on a simulated disk and clock. */
final class CaMachine extends Machine {

    /** How long a key is seen before it signs, unless somebody is in a hurry. */
    static final Duration PUBLICATION = Plant.NONE.schedule().publication();

    private static final CryptoProvider CRYPTO = CryptoProvider.choose();
    private static final IssuanceSettings ISSUANCE = new IssuanceSettings(Pace.SVID, Duration.ofMinutes(1));

    private final TrustDomain trustDomain;
    private final SeededRandom random;
    private final AuthoritySettings settings;
    private final Consumer<AuthorityImage> heard;
    private @Nullable Authorities authorities;
    private @Nullable Issuer issuer;

    /** @param heard told of every image, while this process stands still */
    CaMachine(
            World world,
            String name,
            TrustDomain trustDomain,
            Duration skew,
            RotationSchedule schedule,
            Consumer<AuthorityImage> heard) {
        super(world, name, skew, false);
        this.trustDomain = trustDomain;
        this.random = new SeededRandom(world.stream());
        this.settings = new AuthoritySettings(KeyKind.EC_P256, KeyKind.EC_P256, schedule);
        this.heard = heard;
    }

    @Override
    void boot() {
        Path root = disk.root();
        StateFile file = new StateFile(root.resolve("state/authorities.json"), trustDomain);
        KeyEncryptionKey kek = KeyEncryptionKey.load(root.resolve("secrets/kek"), file.exists(), random);
        IssuanceJournal journal = IssuanceJournal.open(root.resolve("state/issued"), clock());
        Authorities opened = Authorities.open(trustDomain, settings, CRYPTO, kek, file, journal, random, clock());
        authorities = opened;
        issuer = new Issuer(trustDomain, ISSUANCE, opened, journal, random, clock());
        opened.onChange(heard);
        scheduler().every(Pace.CA_LOOK, opened::rotate);
    }

    @Override
    void gone() {
        authorities = null;
        issuer = null;
    }

    Optional<Authorities> authorities() {
        return Optional.ofNullable(authorities);
    }

    Optional<AuthorityImage> image() {
        return authorities().map(Authorities::image);
    }

    /** A fresh SVID; empty if the disk refused or the process died of it. */
    Optional<IssuedSvid> issue(SpiffeId id, PublicKey key) {
        return ask(made -> made.issue(made.prepare(new SvidRequest(id, key, Pace.SVID, "simulation"))));
    }

    /** A token for a farewell. */
    Optional<String> mint(SpiffeId id, SpiffeId audience) {
        return ask(made -> made.mintJwt(id, List.of(audience.toString()), "simulation"));
    }

    /** The same keys under certificates that were signed this moment: what no authority may ever do. */
    TrustBundle signedAnew(TrustBundle keys) {
        List<X509Certificate> anew = image().orElseThrow().x509().published().stream()
                .map(one -> Certificates.authority(
                        trustDomain,
                        one.key(),
                        Lifetime.from(time(), Pace.AUTHORITY),
                        Certificates.randomSerial(random)))
                .toList();
        return new TrustBundle(trustDomain, anew, keys.jwtAuthorities(), keys.sequence(), keys.refreshHint());
    }

    private <T> Optional<T> ask(java.util.function.Function<Issuer, T> question) {
        Issuer asked = issuer;
        if (asked == null) {
            return Optional.empty();
        }
        List<T> answer = new java.util.ArrayList<>();
        life().run(() -> answer.add(question.apply(asked)));
        return answer.stream().findFirst();
    }
}
