/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the driver is asked for.
 *
 * @param folder where the clusters are made, kept afterwards; empty: a temporary folder
 * @param rounds how often everything is measured
 * @param time how long one measurement takes
 * @param rate requests a second of the open loop
 * @param idle connections that are opened and left idle, to see their memory; 0 leaves that out
 * @param starts how often each process is started again, to see how long it takes; 0 leaves that out
 * @param kinds what is measured
 * @param ways by which ways, empty for all
 * @param json whether programs read the result
 */
record Options(
        Optional<Path> folder,
        int rounds,
        Duration time,
        int rate,
        int idle,
        int starts,
        List<Kind> kinds,
        List<String> ways,
        boolean json) {

    /** An hour of measuring is a mistake. */
    private static final int MOST_ROUNDS = 100;

    private static final int MOST_SECONDS = 60;
    private static final int MOST_RATE = 1_000_000;

    /** What the limits of the proxies and of the ports of one address allow. */
    private static final int MOST_IDLE = 3_800;

    static final String USAGE = """
            usage: tests/bin/load [--rounds 3] [--seconds 2] [--rate 2000] [--idle 2000] [--starts 3]
                                  [--only c1,c16,c64,c512,open,new,up,down] [--ways direct,one,across,haproxy]
                                  [--dir <new folder>] [-o json]""";

    /** Reads the command line; a mistake is an IllegalArgumentException that says what is wrong. */
    static Options parse(String... arguments) {
        Options options =
                new Options(Optional.empty(), 3, Duration.ofSeconds(2), 2_000, 2_000, 3, Kind.ALL, List.of(), false);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("%s needs a value".formatted(arguments[i]));
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private Options with(String key, String value) {
        return switch (key) {
            case "--dir" ->
                new Options(
                        Optional.of(Path.of(value).toAbsolutePath()),
                        rounds,
                        time,
                        rate,
                        idle,
                        starts,
                        kinds,
                        ways,
                        json);
            case "--rounds" ->
                new Options(folder, number(key, value, 1, MOST_ROUNDS), time, rate, idle, starts, kinds, ways, json);
            case "--seconds" ->
                new Options(
                        folder,
                        rounds,
                        Duration.ofSeconds(number(key, value, 1, MOST_SECONDS)),
                        rate,
                        idle,
                        starts,
                        kinds,
                        ways,
                        json);
            case "--rate" ->
                new Options(folder, rounds, time, number(key, value, 1, MOST_RATE), idle, starts, kinds, ways, json);
            case "--idle" ->
                new Options(folder, rounds, time, rate, number(key, value, 0, MOST_IDLE), starts, kinds, ways, json);
            case "--starts" ->
                new Options(folder, rounds, time, rate, idle, number(key, value, 0, MOST_ROUNDS), kinds, ways, json);
            case "--only" -> new Options(folder, rounds, time, rate, idle, starts, kinds(value), ways, json);
            case "--ways" ->
                new Options(folder, rounds, time, rate, idle, starts, kinds, List.of(value.split(",")), json);
            case "-o" -> new Options(folder, rounds, time, rate, idle, starts, kinds, ways, isJson(value));
            default -> throw new IllegalArgumentException("%s is not known".formatted(key));
        };
    }

    private static int number(String key, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new IllegalArgumentException("%s: %s (expected: %d to %d)".formatted(key, value, least, most));
    }

    private static List<Kind> kinds(String names) {
        return Arrays.stream(names.split(","))
                .map(name -> Kind.ALL.stream()
                        .filter(kind -> kind.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("--only: %s (expected: %s)"
                                .formatted(
                                        name, Kind.ALL.stream().map(Kind::name).collect(Collectors.joining(", "))))))
                .toList();
    }

    private static boolean isJson(String form) {
        if (!form.equals("json") && !form.equals("table")) {
            throw new IllegalArgumentException("-o: %s (expected: json or table)".formatted(form));
        }
        return form.equals("json");
    }

    /** Whether a way of this name is wanted. */
    boolean wants(String way) {
        return ways.isEmpty() || ways.stream().anyMatch(way::startsWith);
    }
}
