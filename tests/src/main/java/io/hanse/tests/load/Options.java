/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the driver is asked for.
 *
 * @param folder where the clusters are made, kept afterwards; empty: a temporary folder
 * @param rounds how often everything is measured
 * @param time how long one measurement takes
 * @param warmUp how long each way is loaded before anything is measured: compilers need it
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
        Duration warmUp,
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
            usage: tests/bin/load [--rounds 3] [--seconds 2] [--warm 12] [--rate 2000] [--idle 2000] [--starts 3]
                                  [--only c1,c16,c64,c512,open,new,up,down] [--ways direct,one,across,haproxy]
                                  [--dir <new folder>] [-o json]""";

    private static final Map<String, String> USUAL = Map.of(
            "--dir", "",
            "--rounds", "3",
            "--seconds", "2",
            "--warm", "12",
            "--rate", "2000",
            "--idle", "2000",
            "--starts", "3",
            "--only", "",
            "--ways", "",
            "-o", "table");

    /** Reads the command line; a mistake is an IllegalArgumentException that says what is wrong. */
    static Options parse(String... arguments) {
        Map<String, String> given = new HashMap<>(USUAL);
        for (int i = 0; i < arguments.length; i += 2) {
            String key = arguments[i];
            if (!USUAL.containsKey(key)) {
                throw new IllegalArgumentException("%s is not known".formatted(key));
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("%s needs a value".formatted(key));
            }
            given.put(key, arguments[i + 1]);
        }
        return of(given);
    }

    private static Options of(Map<String, String> given) {
        return new Options(
                list(given, "--dir").stream().findFirst().map(Path::of).map(Path::toAbsolutePath),
                number(given, "--rounds", 1, MOST_ROUNDS),
                Duration.ofSeconds(number(given, "--seconds", 1, MOST_SECONDS)),
                Duration.ofSeconds(number(given, "--warm", 0, MOST_SECONDS)),
                number(given, "--rate", 1, MOST_RATE),
                number(given, "--idle", 0, MOST_IDLE),
                number(given, "--starts", 0, MOST_ROUNDS),
                kinds(list(given, "--only")),
                list(given, "--ways"),
                isJson(text(given, "-o")));
    }

    private static String text(Map<String, String> given, String key) {
        return given.getOrDefault(key, "");
    }

    private static List<String> list(Map<String, String> given, String key) {
        return Arrays.stream(text(given, key).split(",", -1))
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private static int number(Map<String, String> given, String key, int least, int most) {
        try {
            int number = Integer.parseInt(text(given, key));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new IllegalArgumentException("%s: %s (expected: %d to %d)".formatted(key, text(given, key), least, most));
    }

    private static List<Kind> kinds(List<String> names) {
        return names.isEmpty()
                ? Kind.ALL
                : names.stream()
                        .map(name -> Kind.ALL.stream()
                                .filter(kind -> kind.name().equals(name))
                                .findFirst()
                                .orElseThrow(() -> unknownKind(name)))
                        .toList();
    }

    private static IllegalArgumentException unknownKind(String name) {
        String known = Kind.ALL.stream().map(Kind::name).collect(Collectors.joining(", "));
        return new IllegalArgumentException("--only: %s (expected: %s)".formatted(name, known));
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
