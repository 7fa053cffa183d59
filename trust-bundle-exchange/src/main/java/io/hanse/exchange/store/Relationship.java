/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.exchange.web.EndpointUrl;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That this cluster trusts the bundle of another trust domain (Federation 6). One-way by the standard; an invitation
 * makes one on each side.
 *
 * @param trustDomain the other's trust domain
 * @param cluster the other's name; absent for a trust domain that is no Hanse cluster
 * @param gateways the other's gateways, in the order to try; empty when there is no data path
 * @param url where the bundle is; host {@value #GATEWAY_NAME} means through a gateway
 * @param profile how the endpoint proves itself
 * @param state how far the relationship has come
 * @param since when it reached that state
 */
public record Relationship(
        TrustDomain trustDomain,
        Optional<ClusterName> cluster,
        List<HostPort> gateways,
        URI url,
        Profile profile,
        State state,
        Instant since) {

    /** The SNI under which a gateway passes a connection through to its bundle endpoint. */
    public static final String GATEWAY_NAME = "bundle.hanse.internal";

    /** The URL of a bundle behind a gateway. */
    public static final URI GATEWAY_URL = URI.create("https://" + GATEWAY_NAME + "/");

    /** A cluster with more addresses than this has a load balancer; keeps a fetch over all of them short. */
    public static final int MAX_GATEWAYS = 16;

    public Relationship {
        gateways = List.copyOf(gateways);
        EndpointUrl.check(url);
        if (gateways.size() > MAX_GATEWAYS) {
            throw new IllegalArgumentException(
                    "gateways: %d (expected: at most %d)".formatted(gateways.size(), MAX_GATEWAYS));
        }
        if (GATEWAY_NAME.equals(url.getHost()) && gateways.isEmpty()) {
            throw new IllegalArgumentException("gateways: none (expected: at least one host:port)");
        }
    }

    /** Made by an invitation: both sides are Hanse clusters and meet at their gateways. */
    public static Relationship byInvitation(
            TrustDomain trustDomain,
            ClusterName cluster,
            List<HostPort> gateways,
            SpiffeId endpointId,
            State state,
            Instant since) {
        return new Relationship(
                trustDomain,
                Optional.of(cluster),
                gateways,
                GATEWAY_URL,
                new Profile.HttpsSpiffe(endpointId),
                state,
                since);
    }

    /** This relationship in another state. */
    public Relationship to(State next, Instant at) {
        return new Relationship(trustDomain, cluster, gateways, url, profile, next, at);
    }

    /** Whether the bundle is fetched through one of the gateways. */
    public boolean isThroughGateways() {
        return GATEWAY_NAME.equals(url.getHost());
    }

    /** Whether an operator may call it by {@code name}: its trust domain or its cluster's name. */
    public boolean isNamed(String name) {
        return trustDomain.name().equals(name)
                || cluster.map(ClusterName::name).filter(name::equals).isPresent();
    }

    /** What operators call it. */
    public String displayName() {
        return cluster.map(ClusterName::name).orElse(trustDomain.name());
    }

    /** How far it has come. */
    public enum State {
        /** This side asked the inviter and has no answer yet. Trusts nobody. */
        PENDING,
        /** The other's bundle is trusted for the other's own identities. */
        ESTABLISHED
    }
}
