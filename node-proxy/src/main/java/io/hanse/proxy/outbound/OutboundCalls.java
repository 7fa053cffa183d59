/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.capture.Captured;
import io.hanse.proxy.endpoint.EndpointChoice;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.transport.hbone.Hop;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.TunnelListener;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.hbone.TunnelStats;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries a captured connection to an endpoint of the service it is for.
 *
 * <p>An endpoint that cannot be reached, or whose workload does not take the connection, is left for the next one: no
 * byte of the application has been read before a tunnel stands. A refusal by policy is final; asking elsewhere would be
 * shopping for a laxer judge. What reaches nobody is reset, and the access log says why.
 */
public final class OutboundCalls {

    /** What a proxy answers when it refuses by policy (docs/wires.md). */
    private static final int UNAUTHORIZED = 401;

    private final Supplier<CatalogImage> catalog;
    private final OutboundRoutes routes;
    private final EndpointChoice choice;
    private final EndpointHealth health;
    private final TunnelPool pool;
    private final ProxyLog log;

    /** Calls over the newest image. */
    public OutboundCalls(
            Supplier<CatalogImage> catalog,
            OutboundRoutes routes,
            EndpointChoice choice,
            EndpointHealth health,
            TunnelPool pool,
            ProxyLog log) {
        this.catalog = catalog;
        this.routes = routes;
        this.choice = choice;
        this.health = health;
        this.pool = pool;
        this.log = log;
    }

    /**
     * Takes over {@code app}, on its event loop.
     *
     * @param app accepted, unread, AUTO_READ off
     * @param client the workload that dialled
     */
    public void call(Channel app, Workload client, ServiceName name, int port) {
        Call call = new Call(app, client, name, port, (InetSocketAddress) app.remoteAddress());
        CatalogImage image = catalog.get();
        Optional<Service> service = image.service(name).filter(s -> s.port(port).isPresent());
        if (service.isEmpty()) {
            call.giveUp(ReasonCode.UNKNOWN_SERVICE, Optional.empty(), "");
            return;
        }
        List<Workload> endpoints = image.endpointsOf(name);
        List<Workload> inOrder = choice.inOrder(service.get(), endpoints, client.locality());
        if (inOrder.isEmpty()) {
            call.giveUp(
                    endpoints.isEmpty() ? ReasonCode.NO_ENDPOINT : ReasonCode.NO_HEALTHY_ENDPOINT,
                    Optional.empty(),
                    "");
            return;
        }
        call.start(routes.to(inOrder, client, name, port));
    }

    private final class Call {

        private final Channel app;
        private final Workload client;
        private final ServiceName service;
        private final int port;
        private final InetSocketAddress source;
        private final Deque<Attempt> left = new ArrayDeque<>();
        private int tried;
        private Optional<Workload> lastTried = Optional.empty();

        Call(Channel app, Workload client, ServiceName service, int port, InetSocketAddress source) {
            this.app = app;
            this.client = client;
            this.service = service;
            this.port = port;
            this.source = source;
        }

        void start(List<Attempt> attempts) {
            left.addAll(attempts);
            next(ReasonCode.PEER_UNREACHABLE, "no address of any gateway is known");
        }

        @SuppressWarnings("FutureReturnValueIgnored") // what it brings, also a bug, is taken up in its stages
        private void next(ReasonCode reason, String detail) {
            Attempt attempt = left.poll();
            if (attempt == null || tried == EndpointChoice.MAX_ATTEMPTS) {
                giveUp(reason, Optional.empty(), detail);
                return;
            }
            tried++;
            lastTried = Optional.of(attempt.endpoint());
            pool.open(app, attempt.route(), ended(attempt))
                    .thenAccept(outcome -> learn(attempt, outcome))
                    .whenComplete((learnt, bug) -> {
                        if (bug != null) {
                            giveUp(ReasonCode.INTERNAL_ERROR, Optional.empty(), InWords.of(bug));
                        }
                    });
        }

        private void learn(Attempt attempt, OpenOutcome outcome) {
            switch (outcome) {
                case OpenOutcome.Opened opened -> {
                    health.succeeded(attempt.endpoint().uid());
                    attempt.gateway().ifPresent(health::succeeded);
                }
                case OpenOutcome.Failed failed -> {
                    if (!app.isActive()) {
                        giveUp(ReasonCode.RESET_BY_CLIENT, Optional.empty(), "");
                        return;
                    }
                    // Without an SVID of one's own nobody else is to blame.
                    if (failed.reason() != ReasonCode.IDENTITY_NOT_READY) {
                        blame(attempt, failed.hop());
                    }
                    next(failed.reason(), failed.detail());
                }
                case OpenOutcome.Refused refused -> {
                    if (refused.hop() == Hop.ENDPOINT && refused.status() == UNAUTHORIZED) {
                        giveUp(refused.reason(), refused.policy(), "");
                    } else {
                        // The gateway answered: it is the endpoint that it could not or would not reach.
                        health.failed(attempt.endpoint().uid());
                        next(refused.reason(), "");
                    }
                }
            }
        }

        /** A gateway that cannot be reached for one endpoint cannot for another: the ways beside it come first. */
        private void blame(Attempt attempt, Hop hop) {
            if (hop == Hop.ENDPOINT || attempt.gateway().isEmpty()) {
                health.failed(attempt.endpoint().uid());
                return;
            }
            health.failed(attempt.gateway().get());
            List<Attempt> sameGateway = left.stream()
                    .filter(other -> other.gateway().equals(attempt.gateway()))
                    .toList();
            left.removeAll(sameGateway);
            left.addAll(sameGateway);
        }

        private TunnelListener ended(Attempt attempt) {
            return new TunnelListener() {
                @Override
                public void closed(TunnelStats stats) {
                    log.sent(client.spiffeId(), source, service, attempt.endpoint(), stats);
                }
            };
        }

        void giveUp(ReasonCode reason, Optional<PolicyName> policy, String detail) {
            log.unsent(client.spiffeId(), source, service, port, lastTried, reason, policy, detail);
            Captured.reset(app);
        }
    }
}
