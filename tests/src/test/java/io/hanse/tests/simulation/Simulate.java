/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;

/** The command {@code tests/bin/simulate}: many seeds, or one with its story. */
final class Simulate {

    private static final String USAGE =
            "usage: simulate [--seeds <count>] [--first <seed>] | --seed <seed> [--plant <bug>]";

    private Simulate() {}

    public static void main(String[] arguments) throws Exception {
        long first = 1;
        int count = 1000;
        boolean story = false;
        Plant plant = Plant.NONE;
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--seeds" -> count = Integer.parseInt(value);
                    case "--first" -> first = Long.parseLong(value);
                    case "--seed" -> {
                        first = Long.parseLong(value);
                        count = 1;
                        story = true;
                    }
                    case "--plant" -> plant = Plant.valueOf(value);
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println(USAGE);
            System.exit(64);
        }
        System.exit(run(first, count, story, plant));
    }

    private static int run(long first, int count, boolean story, Plant plant) throws Exception {
        long began = System.nanoTime();
        int[] broken = {0};
        long[] events = {0};
        AutoCloseable ready = Crypto.ready();
        try {
            Simulation.run(first, count, plant, result -> {
                events[0] += result.events();
                if (result.broken().isPresent()) {
                    broken[0]++;
                    System.out.println(result.broken().get().getMessage() + "   (--seed " + result.seed() + ")");
                }
                if (story) {
                    System.out.println(result.story());
                }
            });
        } finally {
            ready.close();
        }
        System.out.printf(
                "%d worlds, %d events, %d s: %s%n",
                count,
                events[0],
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                broken[0] == 0 ? "every law held" : broken[0] + " with a broken law");
        return broken[0] == 0 ? 0 : 1;
    }
}
