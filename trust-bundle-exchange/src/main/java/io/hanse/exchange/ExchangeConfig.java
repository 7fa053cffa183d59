/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange;

import io.hanse.exchange.fetch.PollSchedule;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code cluster.yaml} says to this process: the section {@code trust-bundle-exchange}, and of the shared keys what
 * concerns it.
 *
 * @param stream key {@code listen}: gRPC for the own trust domain
 * @param bundleEndpoint key {@code bundleEndpoint}: https_spiffe
 * @param web https_web, off by default: the keys webBundleEndpoint, webCertificate and webKey
 * @param webAuthorities key {@code webAuthorities}: PEM file of the authorities that https_web endpoints are verified with,
 *     in place of those of the Java runtime
 * @param refreshHint shared key {@code refreshHint}, in the published bundle
 * @param minPoll key {@code minPoll}: peers are polled at a quarter of their hint, never more often than this; default 5s
 * @param fetchTimeout key {@code fetchTimeout}: one fetch with all redirects and gateways; default 10s
 * @param invitationTtl key {@code invitationTtl}: how long an invitation lasts unless asked otherwise; default 15m
 * @param farewellPersistence key {@code farewellPersistence}: how long an unreachable peer is told again; default 30m
 */
public record ExchangeConfig(
        HostPort stream,
        HostPort bundleEndpoint,
        Optional<Web> web,
        Optional<Path> webAuthorities,
        Duration refreshHint,
        Duration minPoll,
        Duration fetchTimeout,
        Duration invitationTtl,
        Duration farewellPersistence) {

    private static final Duration USUAL_MIN_POLL = Duration.ofSeconds(5);
    private static final Duration LEAST_MIN_POLL = Duration.ofMillis(100);
    private static final Duration USUAL_FETCH = Duration.ofSeconds(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MOST_FETCH = Duration.ofMinutes(1);
    private static final Duration MOST_PERSISTENCE = Duration.ofHours(24);

    /**
     * The https_web endpoint.
     *
     * @param address where it listens
     * @param certificate PEM, leaf first
     * @param key PEM, PKCS#8, unencrypted, 0600
     */
    public record Web(HostPort address, Path certificate, Path key) {}

    /**
     * Reads the section; the caller finishes it.
     *
     * @param section {@code trust-bundle-exchange}
     */
    public static ExchangeConfig read(ClusterConfig cluster, Section section) {
        section.address("listen");
        section.address("bundleEndpoint");
        section.address("webBundleEndpoint");
        return new ExchangeConfig(
                cluster.ports().exchange(),
                cluster.ports().bundleEndpoint(),
                web(cluster, section),
                section.path("webAuthorities"),
                cluster.refreshHint(),
                section.duration("minPoll", USUAL_MIN_POLL, LEAST_MIN_POLL, PollSchedule.LONGEST),
                section.duration("fetchTimeout", USUAL_FETCH, SECOND, MOST_FETCH),
                section.duration("invitationTtl", Inviting.USUAL_TTL, SECOND, Inviting.LONGEST_TTL),
                section.duration("farewellPersistence", Leaving.USUAL_PERSISTENCE, SECOND, MOST_PERSISTENCE));
    }

    private static Optional<Web> web(ClusterConfig cluster, Section section) {
        Optional<Path> certificate = section.path("webCertificate");
        Optional<Path> key = section.path("webKey");
        Optional<HostPort> address = cluster.ports().webBundleEndpoint();
        if (address.isEmpty()) {
            if (certificate.isPresent() || key.isPresent()) {
                section.problem(
                        certificate.isPresent() ? "webCertificate" : "webKey",
                        "needs webBundleEndpoint beside it (expected: host:port of the https_web endpoint)");
            }
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            section.problem("webBundleEndpoint", "needs webCertificate and webKey beside it (expected: PEM files)");
            return Optional.empty();
        }
        return Optional.of(new Web(address.get(), certificate.get(), key.get()));
    }
}
