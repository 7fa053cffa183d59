/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.fetch.PeerDocument;
import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.web.Body;
import io.hanse.exchange.web.EndpointUrl;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/static-relationships} takes: a one-way relationship configured by hand, with a SPIRE server for
 * example. URL, profile and trust domain name are all given; none is inferred from another (Federation 5.1).
 *
 * @param profile {@code https_spiffe} or {@code https_web}
 * @param endpointSpiffeId for https_spiffe
 * @param bundle bootstrap bundle in SPIFFE JSON, for https_spiffe whose endpoint is of the same trust domain (5.2.2.2)
 * @param extraAuthorities for https_web: PEM file of CA certificates trusted beside the system's
 * @param cluster a name, when the other is a Hanse cluster or operators want one
 * @param gateways when there is a data path
 */
record StaticRequest(
        String trustDomain,
        String url,
        String profile,
        Optional<String> endpointSpiffeId,
        Optional<JsonNode> bundle,
        Optional<String> extraAuthorities,
        Optional<String> cluster,
        Optional<List<String>> gateways) {

    /**
     * The relationship asked for.
     *
     * @throws IllegalArgumentException saying what is missing or malformed
     */
    Relationship relationship(Instant now) {
        return new Relationship(
                domain(),
                cluster.map(ClusterName::new),
                gateways.orElse(List.of()).stream().map(HostPort::parse).toList(),
                EndpointUrl.parse(given("url", url)),
                chosenProfile(),
                Relationship.State.ESTABLISHED,
                now);
    }

    /**
     * The bootstrap bundle, if one is given.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    Optional<TrustBundle> bootstrap() {
        // A member that JSON left out arrives as a null node.
        if (bundle.isEmpty() || bundle.get().isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(PeerDocument.read(domain(), Body.of(Json.bytes(bundle.get()))));
        } catch (UnusableBundle e) {
            throw new IllegalArgumentException("bundle: " + e.getMessage(), e);
        }
    }

    private TrustDomain domain() {
        return TrustDomain.parse(given("trustDomain", trustDomain));
    }

    private Profile chosenProfile() {
        return switch (given("profile", profile)) {
            case "https_spiffe" -> {
                if (extraAuthorities.isPresent()) {
                    throw new IllegalArgumentException("extraAuthorities: goes with https_web only");
                }
                String id = endpointSpiffeId.orElseThrow(() -> new IllegalArgumentException(
                        "endpointSpiffeId: missing (expected: the endpoint's SPIFFE ID, Federation 5.2.2.2)"));
                yield new Profile.HttpsSpiffe(SpiffeId.parse(id));
            }
            case "https_web" -> {
                if (endpointSpiffeId.isPresent()) {
                    throw new IllegalArgumentException("endpointSpiffeId: goes with https_spiffe only");
                }
                yield new Profile.HttpsWeb(extraAuthorities.map(Path::of));
            }
            default ->
                throw new IllegalArgumentException(
                        "profile: %s (expected: https_spiffe or https_web)".formatted(profile));
        };
    }

    /** A member that JSON left out arrives as null, whatever the record says. */
    private static String given(String name, @org.jspecify.annotations.Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "%s: missing (expected: it is always given, Federation 5.1)".formatted(name));
        }
        return value;
    }
}
