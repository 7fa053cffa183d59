/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.fetch.PeerDocument;
import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Body of {@code POST /hanse/v1/accept}: who the acceptor is. Authentic only together with its {@code Hanse-Proof}.
 *
 * @param invitation id of the invitation
 * @param invitationSha256 fingerprint of the invitation's text as the acceptor holds it
 * @param cluster the acceptor's name
 * @param trustDomain the acceptor's
 * @param gateways the acceptor's
 * @param endpointId SPIFFE ID of the acceptor's bundle endpoint
 * @param bundle the acceptor's
 */
record AcceptRequest(
        String invitation,
        String invitationSha256,
        ClusterName cluster,
        TrustDomain trustDomain,
        List<HostPort> gateways,
        SpiffeId endpointId,
        TrustBundle bundle) {

    AcceptRequest {
        // Members that JSON left out arrive as null.
        Objects.requireNonNull(invitation, "invitation");
        Objects.requireNonNull(invitationSha256, "invitationSha256");
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty() || gateways.size() > Relationship.MAX_GATEWAYS) {
            throw new IllegalArgumentException(
                    "gateways: %d (expected: 1 to %d)".formatted(gateways.size(), Relationship.MAX_GATEWAYS));
        }
        if (gateways.stream().anyMatch(gateway -> gateway.port() == 0)) {
            throw new IllegalArgumentException("gateways: port 0 (expected: a port to connect to)");
        }
        if (!endpointId.trustDomain().equals(trustDomain) || endpointId.isTrustDomainId()) {
            throw new IllegalArgumentException(
                    "endpoint SPIFFE ID: %s (expected: an ID of %s)".formatted(endpointId, trustDomain));
        }
        if (bundle.x509Authorities().isEmpty()) {
            throw new IllegalArgumentException("bundle: no X.509 authority (expected: at least one)");
        }
    }

    Body format() {
        try {
            return Body.of(Json.bytes(new Form(
                    invitation,
                    invitationSha256,
                    cluster.name(),
                    trustDomain.name(),
                    gateways.stream().map(HostPort::toString).toList(),
                    endpointId.toString(),
                    Json.mapper().readTree(BundleJson.format(bundle)))));
        } catch (IOException e) {
            throw new IllegalStateException("a bundle has no JSON form", e);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     * @throws UnusableBundle if only its bundle is wrong
     */
    static AcceptRequest parse(Body body) throws UnusableBundle {
        try {
            Form form = Json.read(body.bytes(), Form.class);
            TrustDomain domain = new TrustDomain(form.trustDomain());
            return new AcceptRequest(
                    form.invitation(),
                    form.invitationSha256(),
                    new ClusterName(form.cluster()),
                    domain,
                    form.gateways().stream().map(HostPort::parse).toList(),
                    SpiffeId.parse(form.endpointSpiffeId()),
                    PeerDocument.read(domain, Body.of(Json.bytes(form.bundle()))));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("body: " + e.getOriginalMessage(), e);
        } catch (NullPointerException e) {
            throw new IllegalArgumentException("body: a member is missing", e);
        }
    }

    private record Form(
            String invitation,
            String invitationSha256,
            String cluster,
            String trustDomain,
            List<String> gateways,
            String endpointSpiffeId,
            JsonNode bundle) {}
}
