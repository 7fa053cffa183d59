/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.hanse.ca.authority.AuthoritySettings;
import io.hanse.ca.authority.RotationSchedule;
import io.hanse.ca.issuance.IssuanceSettings;
import io.hanse.ca.keys.KeyKind;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Section {@code spiffe-ca} of {@code cluster.yaml}.
 *
 * @param listen key {@code listen}; default {@code <address>:15012}
 * @param advertise key {@code advertise}: the address written into join tokens; default: what it listens on
 * @param kek key {@code kek}: file of the key that seals the authorities' keys; default {@code secrets/kek}
 * @param authorities keys {@code keyType} and {@code jwtKeyType} (default ec-p256) and {@code authorityTtl} (default 24h)
 * @param issuance keys {@code svidTtl} (default 1h) and {@code jwtSvidTtl} (default 5m)
 * @param joinTokenTtl key {@code joinTokenTtl}: how long a join token waits to be used; default 10m
 */
record CaConfig(
        HostPort listen,
        Optional<HostPort> advertise,
        Path kek,
        AuthoritySettings authorities,
        IssuanceSettings issuance,
        Duration joinTokenTtl) {

    private static final Duration DAY = Duration.ofHours(24);

    /** Long enough for a rotation with the shortest refresh hint, short enough that a forgotten key ends. */
    private static final Duration LEAST_AUTHORITY = Duration.ofMinutes(1);

    private static final Duration MOST_AUTHORITY = DAY.multipliedBy(3650);
    private static final Duration LEAST_SVID = Duration.ofSeconds(10);
    private static final Duration MOST_SVID = DAY.multipliedBy(90);
    /** A token that lives long is an API key. */
    private static final Duration MOST_JWT = DAY;

    private static final Duration LEAST_JOIN = Duration.ofSeconds(10);
    private static final Duration MOST_JOIN = DAY;

    /** Reads the section; problems are noted in it and reported by its {@code finish}. */
    static CaConfig read(Section section, ClusterConfig cluster) {
        HostPort listen = section.address("listen", cluster.ports().ca());
        Optional<HostPort> advertise = section.address("advertise");
        Path kek = section.path("kek", "secrets/kek");
        KeyKind x509Key = section.value("keyType", CaConfig::keyKind, KeyKind.EC_P256);
        KeyKind jwtKey = section.value("jwtKeyType", CaConfig::keyKind, KeyKind.EC_P256);
        Duration lifetime = section.duration("authorityTtl", DAY, LEAST_AUTHORITY, MOST_AUTHORITY);
        Duration svid = section.duration("svidTtl", Duration.ofHours(1), LEAST_SVID, MOST_SVID);
        Duration jwt = section.duration("jwtSvidTtl", Duration.ofMinutes(5), LEAST_SVID, MOST_JWT);
        Duration join = section.duration("joinTokenTtl", Duration.ofMinutes(10), LEAST_JOIN, MOST_JOIN);
        RotationSchedule schedule = schedule(section, lifetime, cluster.refreshHint());
        if (svid.compareTo(schedule.longestSvid()) > 0) {
            section.problem(
                    "svidTtl",
                    "longer than a sixth of authorityTtl: SVIDs would be cut short before each rotation (expected: at most "
                            + text(schedule.longestSvid()) + ")");
        }
        if (jwt.compareTo(schedule.longestSvid()) > 0) {
            section.problem(
                    "jwtSvidTtl",
                    "longer than a sixth of authorityTtl (expected: at most " + text(schedule.longestSvid()) + ")");
        }
        return new CaConfig(
                listen,
                advertise,
                kek,
                new AuthoritySettings(x509Key, jwtKey, schedule),
                new IssuanceSettings(svid, jwt),
                join);
    }

    private static RotationSchedule schedule(Section section, Duration lifetime, Duration hint) {
        try {
            return new RotationSchedule(lifetime, hint);
        } catch (IllegalArgumentException unlawful) {
            section.problem(
                    "authorityTtl",
                    "too short for refreshHint %s: a new key must be seen by peers for three of them before it signs (expected: at least %s)"
                            .formatted(text(hint), text(hint.multipliedBy(9))));
            return new RotationSchedule(hint.multipliedBy(9), hint);
        }
    }

    private static KeyKind keyKind(String text) {
        return KeyKind.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("key type: %s (expected: one of %s)"
                        .formatted(
                                text,
                                Arrays.stream(KeyKind.values())
                                        .map(KeyKind::text)
                                        .collect(Collectors.joining(", ")))));
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + "s";
    }
}
