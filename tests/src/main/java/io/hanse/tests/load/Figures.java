/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One measurement.
 *
 * @param perSecond requests, or connections, that were answered
 * @param p50 the median time of one, microseconds
 * @param p99 the 99th percentile, microseconds
 * @param failed how many had no good answer
 */
record Figures(double perSecond, double p50, double p99, long failed) {

    /** The median of each figure over the rounds; failures are added up. */
    static Figures median(List<Figures> rounds) {
        return new Figures(
                middle(rounds, Figures::perSecond),
                middle(rounds, Figures::p50),
                middle(rounds, Figures::p99),
                rounds.stream().mapToLong(Figures::failed).sum());
    }

    private static double middle(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
