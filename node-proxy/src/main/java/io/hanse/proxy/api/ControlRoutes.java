/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.api;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.capture.Duty;
import io.hanse.proxy.capture.ExplicitListeners;
import io.hanse.proxy.identity.WorkloadSvids;
import io.hanse.proxy.inbound.InboundListeners;
import io.hanse.proxy.probe.PeerProbe;
import io.hanse.proxy.probe.PeerProbes;
import io.hanse.proxy.workloadapi.WorkloadApi;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Refusal;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.control.Request;
import io.hanse.runtime.trust.BundleStream;
import io.hanse.runtime.xds.CatalogSource;
import io.hanse.transport.tls.X509Svid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The proxy's control routes. */
public final class ControlRoutes {

    private final String node;
    private final SpiffeId self;
    private final ClusterConfig cluster;
    private final CatalogSource catalog;
    private final BundleStream bundles;
    private final WorkloadSvids svids;
    private final WorkloadApi workloadApi;
    private final ExplicitListeners listeners;
    private final InboundListeners inbound;
    private final PeerProbes probes;
    private final Explain explain;

    /** Routes over these parts. */
    public ControlRoutes(
            String node,
            SpiffeId self,
            ClusterConfig cluster,
            CatalogSource catalog,
            BundleStream bundles,
            WorkloadSvids svids,
            WorkloadApi workloadApi,
            ExplicitListeners listeners,
            InboundListeners inbound,
            PeerProbes probes,
            Explain explain) {
        this.node = node;
        this.self = self;
        this.cluster = cluster;
        this.catalog = catalog;
        this.bundles = bundles;
        this.svids = svids;
        this.workloadApi = workloadApi;
        this.listeners = listeners;
        this.inbound = inbound;
        this.probes = probes;
        this.explain = explain;
    }

    /** Adds the routes. */
    public void addTo(ControlApi control) {
        control.get("/v1/status", request -> Reply.json(status()))
                .get("/v1/workloads", request -> Reply.json(workloads()))
                .get("/v1/peers", request -> Reply.json(peers()))
                .get("/v1/explain", request -> Reply.json(explained(request)));
    }

    private record Status(
            String node,
            String identity,
            String trustDomain,
            boolean registryConnected,
            boolean exchangeConnected,
            int services,
            int workloads,
            List<String> trustDomains,
            Map<String, String> problems) {}

    private record Svid(String serial, String authority, Instant validFrom, Instant expiresAt) {}

    private record Listening(String listen, String service, int port) {}

    private record LocalWorkload(
            String name,
            String namespace,
            String spiffeId,
            List<String> addresses,
            String workloadApi,
            Optional<Svid> svid,
            Optional<String> problem,
            List<Listening> outbound,
            List<Listening> inbound) {}

    private record Workloads(List<LocalWorkload> workloads) {}

    private record Peer(
            String trustDomain,
            boolean ok,
            String reach,
            ReasonCode reason,
            double rttMillis,
            Instant at,
            String error) {}

    private record Peers(List<Peer> peers) {}

    private Status status() {
        CatalogImage image = catalog.current();
        Map<String, String> problems = new TreeMap<>(inbound.problems());
        listeners.problems().forEach((address, why) -> problems.put(address.toString(), why));
        workloadApi.problems().forEach((socket, why) -> problems.put(socket.toString(), why));
        return new Status(
                node,
                self.toString(),
                cluster.trustDomain().name(),
                catalog.connected(),
                bundles.connected(),
                image.services().size(),
                image.workloads().size(),
                bundles.current().bundles().keySet().stream()
                        .map(TrustDomain::name)
                        .toList(),
                problems);
    }

    private Workloads workloads() {
        Map<HostPort, Duty> listening = listeners.listening();
        return new Workloads(catalog.current().onNode(node).stream()
                .map(workload -> local(workload, listening))
                .toList());
    }

    private LocalWorkload local(Workload workload, Map<HostPort, Duty> listening) {
        List<Listening> out = new java.util.ArrayList<>();
        List<Listening> in = new java.util.ArrayList<>();
        listening.forEach((address, duty) -> {
            if (duty.workload().uid().equals(workload.uid())) {
                switch (duty) {
                    case Duty.Out o ->
                        out.add(new Listening(
                                address.toString(),
                                o.outbound().service().toString(),
                                o.outbound().port()));
                    case Duty.In i ->
                        in.add(new Listening(address.toString(), "", i.inbound().port()));
                }
            }
        });
        return new LocalWorkload(
                workload.name(),
                workload.namespace(),
                workload.spiffeId().toString(),
                workload.addresses().stream()
                        .map(address -> address.getHostAddress())
                        .toList(),
                workloadApi.socketOf(workload).toString(),
                svids.of(workload.spiffeId()).map(ControlRoutes::shown),
                svids.problem(workload.spiffeId()),
                out,
                in);
    }

    private static Svid shown(X509Svid svid) {
        return new Svid(
                svid.leaf().getSerialNumber().toString(16),
                svid.authorityKeyIds().isEmpty() ? "" : svid.authorityKeyIds().getFirst(),
                svid.validFrom(),
                svid.expiresAt());
    }

    private Peers peers() {
        return new Peers(probes.results().stream().map(ControlRoutes::shown).toList());
    }

    private static Peer shown(PeerProbe probe) {
        String error = probe.ok()
                ? ""
                : probe.reason() + ": "
                        + (probe.detail().isEmpty() ? probe.reason().meaning() : probe.detail());
        return new Peer(
                probe.peer().name(),
                probe.ok(),
                probe.reach(),
                probe.reason(),
                probe.roundTrip().toNanos() / 1e6,
                probe.at(),
                error);
    }

    private Explain.Explanation explained(Request request) {
        ServiceName client = name(request, "client");
        ServiceName service = name(request, "service");
        int port = port(request);
        Workload workload = catalog.current().onNode(node).stream()
                .filter(w -> w.namespace().equals(client.namespace())
                        && (w.name().equals(client.name()) || w.serviceAccount().equals(client.name())))
                .findFirst()
                .orElseThrow(() -> new Refusal(Reply.problem(
                        404,
                        "no-such-workload",
                        "no such workload on this node",
                        "%s is not on node %s".formatted(client, node),
                        "connect-clusters svid")));
        return explain.explain(workload, service, port);
    }

    private static int port(Request request) {
        String text = request.query("port").orElse("");
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // The refusal below names the law for both.
        }
        throw wrong("port", text.isEmpty() ? "nothing" : text, "a number from 1 to 65535");
    }

    private static ServiceName name(Request request, String key) {
        String text = request.query(key).orElse("");
        try {
            return ServiceName.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(key, text.isEmpty() ? "nothing" : text, "namespace/name");
        }
    }

    private static Refusal wrong(String key, String given, String expected) {
        return new Refusal(Reply.problem(
                400,
                "malformed-query",
                "the question is not understood",
                "%s: %s (expected: %s)".formatted(key, given, expected),
                "connect-clusters explain --help"));
    }
}
