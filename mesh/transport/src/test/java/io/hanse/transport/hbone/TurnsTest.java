/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class TurnsTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Set<Integer> gone = new HashSet<>();
    private final List<Integer> taken = new ArrayList<>();
    private final Turns<Integer> turns = new Turns<>(channel.eventLoop(), each -> !gone.contains(each), taken::add);

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(turns::add);
    }

    @Test
    @DisplayName("CVE-2023-44487: what is given up in its own burst costs nothing")
    void whatIsGivenUpInItsOwnBurstIsNeverTaken() {
        add(0, 1_000);
        IntStream.range(1, 1_000).forEach(gone::add);
        assertThat(taken).isEmpty();
        turns.burstEnded();
        assertThat(taken).containsExactly(0);
    }

    @Test
    void aFewAreTakenAtOnceAndOthersHaveTheirTurnInBetween() {
        add(0, 3 * Turns.AT_ONCE);
        turns.burstEnded();
        assertThat(taken).hasSize(Turns.AT_ONCE);
        gone.add(Turns.AT_ONCE);
        add(3 * Turns.AT_ONCE, 3 * Turns.AT_ONCE + 1);
        turns.burstEnded();
        assertThat(taken).as("a burst does not jump the queue").hasSize(Turns.AT_ONCE);
        while (channel.runScheduledPendingTasks() >= 0) {
            // Goes on until nothing is scheduled.
        }
        assertThat(taken)
                .doesNotContain(Turns.AT_ONCE)
                .hasSize(3 * Turns.AT_ONCE)
                .isSorted();
    }
}
