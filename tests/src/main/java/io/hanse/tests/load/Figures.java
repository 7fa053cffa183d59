/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One measurement, or the medians of several.
 *
 * @param rate requests, connections or GB a second
 * @param p50 the median time from when a request was to be sent to its whole answer, microseconds; 0 for bulk
 * @param p99 the 99th percentile, microseconds
 * @param p999 the 99.9th percentile, microseconds
 * @param failed how many had no good answer
 * @param proxyCpu seconds of CPU that the proxies on the way used for one request, connection or GB
 * @param allocated bytes of heap that the JVMs among them asked for, for one request, connection or GB
 * @param driverBusy part of one core that the driver itself used, 0 to 1; near 1 it is the driver that was measured
 */
record Figures(
        double rate,
        double p50,
        double p99,
        double p999,
        long failed,
        double proxyCpu,
        double allocated,
        double driverBusy) {

    /** The median of each figure over the rounds; failures are added up. */
    static Figures median(List<Figures> rounds) {
        return new Figures(
                middle(rounds, Figures::rate),
                middle(rounds, Figures::p50),
                middle(rounds, Figures::p99),
                middle(rounds, Figures::p999),
                rounds.stream().mapToLong(Figures::failed).sum(),
                middle(rounds, Figures::proxyCpu),
                middle(rounds, Figures::allocated),
                middle(rounds, Figures::driverBusy));
    }

    private static double middle(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
