/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each law proves itself: with a bug at the seam that it watches, it is broken within a few worlds, and by its own name. */
final class PlantedBugTest {

    /** A bug that hides in so many worlds is not found by the thousand of a build in time to be of use. */
    private static final int WORLDS = 60;

    private static final Map<Plant, Class<? extends Law>> FINDERS = Map.ofEntries(
            Map.entry(Plant.POOLED_ROOTS, RootSpeaksForItsOwnDomainOnly.class),
            Map.entry(Plant.DISK_THAT_LIES, SequenceNeverGoesBack.class),
            Map.entry(Plant.ANNOTATION_FOR_EVER, ImportedOnlyWhatBothChose.class),
            Map.entry(Plant.LEASE_WITHOUT_END, LeaseBounds.class),
            Map.entry(Plant.INVITATION_FORGETS_ITS_USE, NoInvitationTwice.class),
            Map.entry(Plant.POLICY_FORGOTTEN, PolicyNeverWiderThanOwners.class),
            Map.entry(Plant.ISSUING_ASKS_PEERS, IssuingNeverWaitsForPeer.class),
            Map.entry(Plant.OWN_CALLS_ASK_PEERS, OwnCallsGoOn.class),
            Map.entry(Plant.HASTY_ACTIVATION, ValidSvidNeverRefused.class),
            Map.entry(Plant.TRUST_FOR_EVER, WithdrawnTrustIsGone.class),
            Map.entry(Plant.KEY_USED_TWICE, NoTwoAuthoritiesOneKeyId.class),
            Map.entry(Plant.POLLING_GIVES_UP, Convergence.class));

    private static AutoCloseable crypto = () -> {};

    @BeforeAll
    static void prepare() {
        crypto = Crypto.ready();
    }

    @AfterAll
    static void restore() throws Exception {
        crypto.close();
    }

    static Stream<Plant> plants() {
        return FINDERS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("plants")
    void isFoundByItsLaw(Plant plant) {
        String law = Optional.ofNullable(FINDERS.get(plant)).orElseThrow().getSimpleName();
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= WORLDS; seed++) {
            Simulation.Result result = Simulation.run(seed, plant);
            String broken = result.broken().map(Broken::law).orElse("");
            if (broken.equals(law)) {
                assertThat(result.story()).contains("seed " + seed, "planted: " + plant);
                return;
            }
            others.add(broken);
        }
        assertThat(others).as("%s is found by %s", plant, law).contains(law);
    }

    @Test
    void aDiskThatTearsFilesIsFoundWhenAProcessStartsAgain() {
        assertThat(Stream.iterate(1L, seed -> seed + 1)
                        .limit(WORLDS)
                        .map(seed -> Simulation.run(seed, Plant.DISK_THAT_TEARS))
                        .flatMap(result -> result.broken().stream())
                        .map(Broken::law)
                        .findFirst())
                .contains("NoTaskFails");
    }

    @Test
    void noLawIsWithoutItsBug() {
        TreeSet<String> proved = new TreeSet<>();
        FINDERS.values().forEach(law -> proved.add(law.getSimpleName()));
        TreeSet<String> laws = new TreeSet<>();
        Laws.all((one, other) -> false).forEach(law -> laws.add(law.name()));
        assertThat(proved).isEqualTo(laws);
    }
}
