/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.gateway.route.NextHop;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.x509.Verification;
import io.hanse.model.x509.Verification.Verified;
import io.hanse.proxy.inbound.Verdict;
import io.hanse.transport.tls.TlsPeer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls from workload to workload, hand-shaken, routed and judged by the product at every stop. */
final class Calls {

    /** Where an attempt ended. */
    private sealed interface Attempt {

        /** Let in. */
        record Open(Tunnel tunnel) implements Attempt {}

        /** Refused by the far end: no other endpoint is tried. */
        record Refused(String why) implements Attempt {}

        /** Not reached: the next endpoint is tried. */
        record Unreached(String why) implements Attempt {}
    }

    /** What two ends know of each other after a handshake. */
    private record Pair(TlsPeer server, TlsPeer client) {}

    private final League league;
    private long numbers;
    private long changes;

    Calls(League league) {
        this.league = league;
    }

    /** A client of this cluster calls a service, as its proxy would. */
    CallResult call(Cluster client, ServiceName service) {
        String why = "NO_ENDPOINT";
        if (league.plant().mayCall(league, client)) {
            for (Workload endpoint : client.proxy().endpoints(service)) {
                Attempt attempt = endpoint.remote().isPresent()
                        ? remote(client, endpoint, endpoint.remote().get(), service)
                        : inner(client, client, endpoint, service);
                client.proxy().tried(endpoint, !(attempt instanceof Attempt.Unreached));
                switch (attempt) {
                    case Attempt.Open open -> {
                        return say(new CallResult(client, service, Optional.of(open.tunnel()), ""));
                    }
                    case Attempt.Refused refused -> {
                        return say(new CallResult(client, service, Optional.empty(), refused.why()));
                    }
                    case Attempt.Unreached unreached -> why = unreached.why();
                }
            }
        }
        return say(new CallResult(client, service, Optional.empty(), why));
    }

    /** Grows with every tunnel that opens or ends. */
    long changes() {
        return changes;
    }

    void ended() {
        changes++;
    }

    private CallResult say(CallResult result) {
        changes++;
        String outcome = result.tunnel()
                .map(tunnel -> "200 from %s in %s".formatted(tunnel.endpoint.name(), tunnel.server))
                .orElse("refused " + result.why());
        league.world().transcript().say(result.client().name(), "calls %s: %s".formatted(result.service(), outcome));
        league.called(result);
        return result;
    }

    private Attempt remote(Cluster client, Workload endpoint, RemoteAccess access, ServiceName service) {
        Optional<Cluster> found = access.gateways().stream()
                .<Optional<Cluster>>map(this::reachable)
                .flatMap(Optional::stream)
                .findFirst();
        if (found.isEmpty() || league.link(client, found.get()).isCut()) {
            return new Attempt.Unreached("PEER_UNREACHABLE");
        }
        Cluster server = found.get();
        SpiffeId gateway = SystemIdentity.EAST_WEST_GATEWAY.in(endpoint.trustDomain());
        SpiffeId node = SystemIdentity.CLUSTER_REGISTRY.in(client.trustDomain());
        if (handshake(client, node, server, gateway).isEmpty()) {
            return new Attempt.Unreached("TLS of the gateway");
        }
        String authority = access.endpointId() + "." + Proxy.authority(service);
        return switch (server.proxy().route(authority)) {
            case NextHop.Endpoint next -> inner(client, server, next.workload(), service);
            case NextHop.Nowhere nowhere -> new Attempt.Refused(nowhere.reason().name());
            case NextHop.Probe probe -> throw new IllegalStateException("a call is no probe");
        };
    }

    private Optional<Cluster> reachable(HostPort gateway) {
        return league.behind(gateway);
    }

    private Attempt inner(Cluster client, Cluster server, Workload endpoint, ServiceName service) {
        SpiffeId caller = client.workload(Truth.CLIENT);
        Optional<Pair> pair = handshake(client, caller, server, server.workload(endpoint.serviceAccount()));
        if (pair.isEmpty()) {
            return new Attempt.Unreached("TLS of the workload");
        }
        return switch (server.proxy()
                .judge(caller, service, endpoint.addresses().getFirst())) {
            case Verdict.Refuse refuse -> new Attempt.Refused(refuse.reason().name());
            case Verdict.Allow allow -> {
                Tunnel tunnel = new Tunnel(
                        ++numbers,
                        client,
                        server,
                        caller,
                        service,
                        allow.workload(),
                        league.world().now());
                server.proxy().open(tunnel, pair.get().client());
                if (client != server) {
                    client.proxy().open(tunnel, pair.get().server());
                }
                yield new Attempt.Open(tunnel);
            }
        };
    }

    private Optional<Pair> handshake(Cluster client, SpiffeId clientId, Cluster server, SpiffeId serverId) {
        Optional<TlsPeer> seenByClient = seen(client, server, serverId);
        return seenByClient.isEmpty()
                ? Optional.empty()
                : seen(server, client, clientId).map(seenByServer -> new Pair(seenByClient.get(), seenByServer));
    }

    private Optional<TlsPeer> seen(Cluster verifier, Cluster shower, SpiffeId expected) {
        Optional<List<X509Certificate>> chain = shower.svid(expected);
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        Verification verification = league.check(verifier, verifier.proxy().trust(), shower, chain.get());
        return verification instanceof Verified verified && verified.id().equals(expected)
                ? Optional.of(new TlsPeer(
                        verified.id(),
                        chain.get(),
                        verified.authority(),
                        verifier.proxy()
                                .trust()
                                .of(verified.id().trustDomain())
                                .orElseThrow()
                                .x509Authorities()))
                : Optional.empty();
    }

    /** Every tunnel that is open anywhere, once. */
    List<Tunnel> open() {
        List<Tunnel> open = new ArrayList<>();
        for (Cluster cluster : league.clusters()) {
            cluster.proxy().tunnels().stream()
                    .filter(tunnel -> tunnel.server == cluster)
                    .forEach(open::add);
        }
        return open;
    }
}
