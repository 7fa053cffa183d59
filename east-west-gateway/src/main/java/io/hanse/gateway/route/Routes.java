/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.route;

import io.hanse.model.catalog.CatalogDelta;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.EndpointId;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.hbone.HboneHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Maps the authority of an outer CONNECT to a next hop: {@code <endpoint id>.<service host name>:<port>}, or the plain
 * service host name (Istio's form), for which an endpoint is drawn by weight.
 */
public final class Routes {

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;

    private final int hbonePort;
    private final RandomGenerator random;
    /** Uids by the ids that peers know: an id is a hash, which is not made anew of each endpoint for each tunnel. */
    private final Map<EndpointId, String> uids = new ConcurrentHashMap<>();

    private volatile CatalogImage image = CatalogImage.empty();

    /**
     * Leads nowhere until the first {@link #publish}.
     *
     * @param hbonePort where the proxies of this cluster take HBONE
     */
    public Routes(int hbonePort, RandomGenerator random) {
        this.hbonePort = hbonePort;
        this.random = random;
    }

    /** Routes over {@code next} from now on. One caller at a time. */
    public void publish(CatalogImage next, CatalogDelta delta) {
        for (Workload workload : delta.workloads()) {
            if (workload.remote().isEmpty()) {
                uids.put(EndpointId.ofWorkload(workload.uid()), workload.uid());
            }
        }
        image = next;
        delta.removedWorkloads().forEach(uid -> uids.remove(EndpointId.ofWorkload(uid), uid));
    }

    /** The next hop for {@code authority}, asked for by a peer that has been admitted. */
    public NextHop of(String authority) {
        if (authority.equals(HboneHeaders.PROBE_AUTHORITY)) {
            return new NextHop.Probe();
        }
        Optional<Asked> asked = Asked.parse(authority);
        if (asked.isEmpty()) {
            return new NextHop.Nowhere(BAD_REQUEST, ReasonCode.BAD_REQUEST);
        }
        CatalogImage now = image;
        Optional<Service> service = now.service(asked.get().service());
        if (service.isEmpty()) {
            return new NextHop.Nowhere(UNAVAILABLE, ReasonCode.UNKNOWN_SERVICE);
        }
        if (!service.get().exported()) {
            return new NextHop.Nowhere(UNAUTHORIZED, ReasonCode.NOT_EXPORTED);
        }
        if (service.get().port(asked.get().port()).isEmpty()) {
            return new NextHop.Nowhere(UNAVAILABLE, ReasonCode.UNKNOWN_SERVICE);
        }
        return endpoint(now, asked.get());
    }

    private NextHop endpoint(CatalogImage now, Asked asked) {
        Optional<Workload> chosen = asked.endpoint().isPresent()
                ? Optional.ofNullable(uids.get(asked.endpoint().get()))
                        .flatMap(now::workload)
                        .filter(workload -> workload.services().containsKey(asked.service()) && isReachable(workload))
                : drawn(now.endpointsOf(asked.service()).stream()
                        .filter(workload -> isReachable(workload) && workload.healthy())
                        .toList());
        return chosen.<NextHop>map(workload -> new NextHop.Endpoint(
                        asked.service(),
                        workload,
                        new InetSocketAddress(workload.addresses().getFirst(), hbonePort)))
                .orElseGet(() -> new NextHop.Nowhere(UNAVAILABLE, ReasonCode.NO_ENDPOINT));
    }

    /** A peer's peer is not reached through us: only what runs here. */
    private static boolean isReachable(Workload workload) {
        return workload.remote().isEmpty() && !workload.addresses().isEmpty();
    }

    private Optional<Workload> drawn(List<Workload> endpoints) {
        // Weights come off the wire and may each be as large as an int.
        long total = endpoints.stream().mapToLong(Workload::weight).sum();
        if (total == 0) {
            return Optional.empty();
        }
        long draw = random.nextLong(total);
        for (Workload endpoint : endpoints) {
            draw -= endpoint.weight();
            if (draw < 0) {
                return Optional.of(endpoint);
            }
        }
        throw new IllegalStateException("a draw below the sum of weights found no endpoint");
    }

    /** The authority, taken apart. */
    private record Asked(Optional<EndpointId> endpoint, ServiceName service, int port) {

        static Optional<Asked> parse(String authority) {
            try {
                HostPort hostPort = HostPort.parse(authority);
                if (hostPort.port() == 0) {
                    return Optional.empty();
                }
                String host = hostPort.host();
                int dot = host.indexOf('.');
                if (dot > 0 && EndpointId.isOne(host.substring(0, dot))) {
                    Optional<Asked> withEndpoint = withEndpoint(host, dot, hostPort.port());
                    if (withEndpoint.isPresent()) {
                        return withEndpoint;
                    }
                }
                return Optional.of(new Asked(Optional.empty(), ServiceName.ofHostname(host), hostPort.port()));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** Empty if the rest is no service's host name: then the label was the name of a service, not an id. */
        private static Optional<Asked> withEndpoint(String host, int dot, int port) {
            try {
                return Optional.of(new Asked(
                        Optional.of(new EndpointId(host.substring(0, dot))),
                        ServiceName.ofHostname(host.substring(dot + 1)),
                        port));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
