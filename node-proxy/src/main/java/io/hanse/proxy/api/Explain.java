/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.api;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.endpoint.EndpointChoice;
import io.hanse.proxy.outbound.OutboundRoutes;
import io.hanse.transport.hbone.Hop;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.X509Svid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Walks the links of a call from client to verdict and stops at the first that is broken. What this cluster knows is
 * looked up; what only the other side knows is asked by a dry run over the path the call would take.
 */
public final class Explain {

    private static final long PATIENCE_SECONDS = 12;

    private final Supplier<CatalogImage> catalog;
    private final Supplier<BundleMap> bundles;
    private final Function<SpiffeId, Optional<X509Svid>> svids;
    private final OutboundRoutes routes;
    private final EndpointChoice choice;
    private final TunnelPool pool;

    /** Explains calls of this node's workloads. */
    public Explain(
            Supplier<CatalogImage> catalog,
            Supplier<BundleMap> bundles,
            Function<SpiffeId, Optional<X509Svid>> svids,
            OutboundRoutes routes,
            EndpointChoice choice,
            TunnelPool pool) {
        this.catalog = catalog;
        this.bundles = bundles;
        this.svids = svids;
        this.routes = routes;
        this.choice = choice;
        this.pool = pool;
    }

    /** One link of a call. */
    record Link(String name, String detail, boolean ok) {}

    /**
     * The whole way.
     *
     * @param reason OK, or the code the call would end with
     * @param next the command or act that mends it, empty if nothing is broken
     */
    record Explanation(List<Link> links, ReasonCode reason, String next) {}

    /** Why a call of {@code client} to {@code port} of {@code name} would or would not go through. Blocks for a dry run. */
    Explanation explain(Workload client, ServiceName name, int port) {
        List<Link> links = new ArrayList<>();
        if (svids.apply(client.spiffeId()).isEmpty()) {
            return broken(
                    links,
                    new Link("client", client.spiffeId() + " has no certificate yet", false),
                    ReasonCode.IDENTITY_NOT_READY,
                    "connect-clusters svid");
        }
        links.add(new Link("client", "%s on node %s".formatted(client.spiffeId(), client.node()), true));
        CatalogImage image = catalog.get();
        Optional<Service> service = image.service(name);
        if (service.isEmpty() || service.get().port(port).isEmpty()) {
            String what = service.isEmpty() ? "%s is not known here" : "%s has no port " + port;
            return broken(
                    links,
                    new Link("service", what.formatted(name), false),
                    ReasonCode.UNKNOWN_SERVICE,
                    "add the Service to manifests/, then connect-clusters services");
        }
        List<Workload> endpoints = image.endpointsOf(name);
        links.add(new Link("service", scope(service.get(), endpoints), true));
        List<Workload> inOrder = choice.preview(service.get(), endpoints, client.locality());
        if (inOrder.isEmpty()) {
            return noEndpoint(links, service.get(), endpoints);
        }
        Workload chosen = inOrder.getFirst();
        links.add(new Link("endpoints", counts(endpoints, chosen), true));
        return alongThePath(links, chosen, client, name, port);
    }

    private Explanation alongThePath(List<Link> links, Workload chosen, Workload client, ServiceName name, int port) {
        if (bundles.get().of(chosen.trustDomain()).isEmpty()) {
            return broken(
                    links,
                    new Link("trust", "no bundle for " + chosen.trustDomain(), false),
                    ReasonCode.TRUST_DOMAIN_UNKNOWN,
                    "connect-clusters status");
        }
        Optional<Route> route = routes.preview(chosen, client, name, port);
        if (route.isEmpty()) {
            return broken(
                    links,
                    new Link(
                            "gateway", "no address of a gateway of %s is known".formatted(chosen.trustDomain()), false),
                    ReasonCode.PEER_UNREACHABLE,
                    "connect-clusters status");
        }
        ProbeOutcome outcome = pool.dryRun(route.get())
                .completeOnTimeout(
                        new ProbeOutcome.NotAnswered(
                                new OpenOutcome.Failed(Hop.GATEWAY, ReasonCode.PEER_UNREACHABLE, "no answer in time")),
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS)
                .join();
        return switch (outcome) {
            case ProbeOutcome.Answered answered -> {
                crossed(links, route.get());
                links.add(new Link("identity", chosen.spiffeId() + " proved itself and took ours", true));
                links.add(new Link("policy", "allowed there", true));
                yield new Explanation(links, ReasonCode.OK, "");
            }
            case ProbeOutcome.NotAnswered not -> refused(links, route.get(), chosen, not.outcome());
        };
    }

    private Explanation refused(List<Link> links, Route route, Workload chosen, OpenOutcome outcome) {
        return switch (outcome) {
            case OpenOutcome.Opened opened -> new Explanation(links, ReasonCode.OK, "");
            case OpenOutcome.Failed failed -> {
                boolean atGateway = failed.hop() == Hop.GATEWAY;
                if (!atGateway) {
                    crossed(links, route);
                }
                String detail = failed.detail().isEmpty() ? failed.reason().meaning() : failed.detail();
                yield broken(
                        links,
                        new Link(atGateway ? "gateway" : farLink(failed.reason()), detail, false),
                        failed.reason(),
                        "connect-clusters status");
            }
            case OpenOutcome.Refused refused -> {
                if (refused.hop() == Hop.GATEWAY) {
                    yield broken(
                            links,
                            new Link("gateway", "refused: " + refused.reason().meaning(), false),
                            refused.reason(),
                            "ask the operator of %s: connect-clusters services".formatted(chosen.cluster()));
                }
                crossed(links, route);
                links.add(new Link("identity", chosen.spiffeId() + " proved itself and took ours", true));
                yield refusedThere(links, refused, chosen, route.client());
            }
        };
    }

    private static Explanation refusedThere(
            List<Link> links, OpenOutcome.Refused refused, Workload chosen, SpiffeId client) {
        String there = " in " + chosen.cluster();
        return switch (refused.reason()) {
            case DENIED_BY_POLICY ->
                broken(
                        links,
                        new Link(
                                "policy",
                                refused.policy().map(PolicyName::toString).orElse("an authorization policy")
                                        + there
                                        + " does not let the caller in",
                                false),
                        refused.reason(),
                        "ask the operator of %s to allow %s".formatted(chosen.cluster(), client));
            case POLICY_MISSING ->
                broken(
                        links,
                        new Link(
                                "policy",
                                refused.policy().map(PolicyName::toString).orElse("a policy")
                                        + there
                                        + " is named on the workload and has not arrived",
                                false),
                        refused.reason(),
                        "ask the operator of %s to add the policy, or to take its name off %s"
                                .formatted(chosen.cluster(), chosen.name()));
            case NOT_EXPORTED ->
                broken(
                        links,
                        new Link("export", "the service is not exported" + there, false),
                        refused.reason(),
                        "ask the operator of %s to annotate it hanse.io/global: \"true\"".formatted(chosen.cluster()));
            default ->
                broken(
                        links,
                        new Link(
                                "endpoint",
                                chosen.name() + there + ": " + refused.reason().meaning(),
                                false),
                        refused.reason(),
                        "connect-clusters services");
        };
    }

    /** What of the far end broke: whom it proved to be, or that it answered at all. */
    private static String farLink(ReasonCode reason) {
        return switch (reason) {
            case PEER_UNREACHABLE, IDLE_TIMEOUT, HANDSHAKE_TIMEOUT, DRAINING, LIMIT_EXCEEDED -> "endpoint";
            default -> "identity";
        };
    }

    private static void crossed(List<Link> links, Route route) {
        if (route instanceof Route.ViaGateway via) {
            links.add(new Link(
                    "gateway", "%s at %s let us in".formatted(via.gatewayId(), HostPort.of(via.gateway())), true));
        }
    }

    private static Explanation noEndpoint(List<Link> links, Service service, List<Workload> endpoints) {
        if (!endpoints.isEmpty()) {
            return broken(
                    links,
                    new Link("endpoints", "none of %d is healthy".formatted(endpoints.size()), false),
                    ReasonCode.NO_HEALTHY_ENDPOINT,
                    "connect-clusters services");
        }
        String next = service.global()
                ? "ask the peers' operators to annotate it hanse.io/global: \"true\", then connect-clusters status"
                : "annotate it hanse.io/global: \"true\" here and in a peer, or start a workload for it";
        return broken(
                links, new Link("endpoints", "it has none, here or in a peer", false), ReasonCode.NO_ENDPOINT, next);
    }

    private static String scope(Service service, List<Workload> endpoints) {
        if (!service.global()) {
            return service.name() + " is local to this cluster";
        }
        String exporters = endpoints.stream()
                .filter(endpoint -> endpoint.remote().isPresent())
                .map(endpoint -> endpoint.cluster().name())
                .distinct()
                .sorted()
                .reduce((left, right) -> left + ", " + right)
                .orElse("no peer yet");
        return "%s is global; exported by %s".formatted(service.name(), exporters);
    }

    private static String counts(List<Workload> endpoints, Workload chosen) {
        long local = endpoints.stream().filter(e -> e.remote().isEmpty()).count();
        return "local %d, in peers %d; goes to %s in %s"
                .formatted(local, endpoints.size() - local, chosen.name(), chosen.cluster());
    }

    private static Explanation broken(List<Link> links, Link last, ReasonCode reason, String next) {
        links.add(last);
        return new Explanation(links, reason, next);
    }
}
