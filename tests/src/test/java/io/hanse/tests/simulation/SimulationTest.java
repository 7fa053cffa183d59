/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A thousand small worlds, each by its seed. {@code -Dhanse.sim.seed=N} lives one of them again and tells its story;
 * {@code -Dhanse.sim.seeds=N} lives more of them; {@code -Dhanse.sim.first=N} others.
 */
final class SimulationTest {

    private static final long FIRST = Long.getLong("hanse.sim.first", 1);
    private static final int SEEDS = Integer.getInteger("hanse.sim.seeds", 1000);

    private static AutoCloseable crypto = () -> {};

    @BeforeAll
    static void prepare() {
        crypto = Crypto.ready();
    }

    @AfterAll
    static void restore() throws Exception {
        crypto.close();
    }

    @Test
    void everyLawHoldsInEveryWorld() {
        Long only = Long.getLong("hanse.sim.seed");
        if (only != null) {
            Simulation.Result result = Simulation.run(only, Plant.NONE);
            System.out.println(result.story());
            result.broken().ifPresent(broken -> fail(result.story(), broken));
            return;
        }
        long[] events = {0};
        long began = System.nanoTime();
        Simulation.run(FIRST, SEEDS, Plant.NONE, result -> {
            events[0] += result.events();
            result.broken().ifPresent(broken -> fail(result.story(), broken));
        });
        System.out.printf(
                "simulation: %d worlds, %d events, %d s%n",
                SEEDS, events[0], Duration.ofNanos(System.nanoTime() - began).toSeconds());
        assertThat(events[0]).as("worlds in which something happens").isGreaterThan(500L * SEEDS);
    }

    @Test
    void theSameSeedIsTheSameWorldToTheLastLine() {
        for (long seed = FIRST; seed < FIRST + 5; seed++) {
            Simulation.Result once = Simulation.run(seed, Plant.NONE);
            Simulation.Result again = Simulation.run(seed, Plant.NONE);
            assertThat(again.transcript().text()).isEqualTo(once.transcript().text());
            assertThat(again.events()).isEqualTo(once.events());
        }
    }

    @Test
    void differentSeedsAreDifferentWorlds() {
        assertThat(Simulation.run(FIRST, Plant.NONE).transcript().digest())
                .isNotEqualTo(Simulation.run(FIRST + 1, Plant.NONE).transcript().digest());
    }
}
