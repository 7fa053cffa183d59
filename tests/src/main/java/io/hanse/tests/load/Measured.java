/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.util.List;
import java.util.Map;

/**
 * All that a run of the driver found out.
 *
 * @param figures the medians, in the order they were measured
 * @param processes what is known of each process
 */
record Measured(Map<Cell, Figures> figures, List<ProcessFacts> processes) {

    Measured {
        processes = List.copyOf(processes);
    }

    /** One kind of load on one way. */
    record Cell(Kind kind, String way) {}

    /**
     * A process.
     *
     * @param startSeconds from its start, on the state of a run before, until it said it was ready; negative: not measured
     * @param threads how many it has when idle
     * @param idleCpu part of a core it uses when nothing is asked of it
     * @param idleMegabytes resident before any load
     * @param loadMegabytes the most that was resident under the loads above
     * @param perThousandIdle megabytes that 1,000 idle connections through it add; negative: not measured
     */
    record ProcessFacts(
            String name,
            double startSeconds,
            int threads,
            double idleCpu,
            double idleMegabytes,
            double loadMegabytes,
            double perThousandIdle) {}
}
