/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.api;

import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Imported;
import io.hanse.registry.catalog.Published;
import io.hanse.registry.export.ExportView;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.imports.PeerStatus;
import io.hanse.registry.imports.Refusal;
import io.hanse.registry.xds.AdsServer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Peers as the control API shows them. */
final class PeerRoutes {

    private PeerRoutes() {}

    /** Services by name and how many. */
    record Names(int count, List<String> services) {

        static Names of(List<ServiceName> names) {
            return new Names(
                    names.size(), names.stream().map(ServiceName::toString).toList());
        }
    }

    /**
     * A peer.
     *
     * @param subscribedToUs whether the peer's registry reads from this replica now
     * @param offeredByPeer every service it exports
     * @param importsFromPeer those of them that exist here and are global, and so are used
     * @param endpoints of those
     * @param refusals the first of what it told that is not used; {@code refused} counts all, by reason
     */
    record PeerShown(
            String trustDomain,
            String cluster,
            String state,
            List<String> gateways,
            Optional<String> gateway,
            Optional<Instant> connectedSince,
            Optional<Instant> lastContact,
            Optional<Instant> leaseExpires,
            Names exportsToPeer,
            boolean subscribedToUs,
            Names offeredByPeer,
            Names importsFromPeer,
            int endpoints,
            int withdrawn,
            int losses,
            Optional<Instant> heldUntil,
            List<Refusal> refusals,
            Map<ReasonCode, Integer> refused,
            Optional<String> lastError) {}

    static List<PeerShown> peers(Published now, AdsServer ads, PeerImports imports) {
        Names exports = Names.of(List.copyOf(ExportView.names(now.local().image())));
        var connected = ads.connectedPeers();
        return imports.status().stream()
                .map(status -> shown(
                        status,
                        now,
                        exports,
                        connected.contains(status.relationship().trustDomain())))
                .toList();
    }

    private static PeerShown shown(PeerStatus status, Published now, Names exports, boolean subscribed) {
        var trustDomain = status.relationship().trustDomain();
        List<ServiceName> offered = Optional.ofNullable(now.imported().get(trustDomain))
                .map(Imported::offered)
                .map(List::copyOf)
                .orElse(List.of());
        List<ServiceName> used = offered.stream()
                .filter(name -> now.local()
                        .image()
                        .service(name)
                        .filter(Service::global)
                        .isPresent())
                .toList();
        long endpoints = now.image().workloads().values().stream()
                .filter(workload ->
                        workload.remote().isPresent() && workload.trustDomain().equals(trustDomain))
                .count();
        return new PeerShown(
                trustDomain.name(),
                status.relationship().cluster().name(),
                word(status.state()),
                status.relationship().gateways().stream()
                        .map(HostPort::toString)
                        .toList(),
                status.gateway().map(HostPort::toString),
                status.connectedSince(),
                status.lastContact(),
                status.leaseExpires(),
                exports,
                subscribed,
                Names.of(offered),
                Names.of(used),
                (int) endpoints,
                status.withdrawn(),
                status.losses(),
                status.heldUntil(),
                status.refusals(),
                new TreeMap<>(status.refused()),
                status.lastError());
    }

    /** A state as the API and the metrics write it: {@code leased-out}. */
    static String word(PeerStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
