/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.imports.PeerLink;
import io.hanse.registry.xds.AdsServer;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delta xDS stream between two registries: in order, at the pace of the link, held up while the link is cut for short and
 * broken when it is cut for long.
 */
final class RegistryLink implements PeerLink {

    private static final String ADDRESSES = "type.googleapis.com/istio.workload.Address";

    private final League league;
    private final Cluster client;
    private final Cluster server;
    private final HostPort gateway;
    private final Machine.Life clientLife;
    private final Link link;
    private final PeerLink.Listener listener;
    private final Deque<Runnable> pending = new ArrayDeque<>();
    private Machine.@Nullable Life serverLife;
    private @Nullable StreamObserver<DeltaDiscoveryRequest> requests;
    private Runnable serverGone = () -> {};
    private boolean over;
    private boolean closed;

    RegistryLink(League league, Cluster client, HostPort gateway, PeerLink.Listener listener) {
        this.league = league;
        this.client = client;
        this.server = league.owner(gateway).orElseThrow();
        this.gateway = gateway;
        this.clientLife = client.registry().life();
        this.link = league.link(client, server);
        this.listener = listener;
    }

    /** Begins as the product's own link does: connection, handshake, first request. */
    void dial(Map<String, String> known) {
        Duration wait = link.isSilent() ? Duration.ofSeconds(20) : link.latency();
        world().in(wait, () -> connect(known));
    }

    private World world() {
        return league.world();
    }

    private void connect(Map<String, String> known) {
        if (closed || !clientLife.isAlive()) {
            return;
        }
        Optional<AdsServer> ads = server.registry().ads();
        if (link.isCut()
                || ads.isEmpty()
                || !server.registry().isUp()
                || league.behind(gateway).isEmpty()) {
            tellClient("UNAVAILABLE");
            return;
        }
        Optional<ReasonCode> refused = handshakes();
        if (refused.isPresent()) {
            tellClient(refused.get().name());
            return;
        }
        Machine.Life life = server.registry().life();
        serverLife = life;
        SpiffeId caller = SystemIdentity.CLUSTER_REGISTRY.in(client.trustDomain());
        life.run(() -> {
            try {
                requests = ads.get().open(caller, new Responses());
            } catch (StatusRuntimeException e) {
                world().in(
                                link.latency(),
                                () -> tellClient(String.valueOf(e.getStatus().getDescription())));
            }
        });
        if (requests == null) {
            return;
        }
        link.opened(this);
        send(() -> toServer(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(ADDRESSES)
                .putAllInitialResourceVersions(known)
                .build()));
    }

    /** Each side judges the other's certificate with the bundles that it holds. */
    private Optional<ReasonCode> handshakes() {
        Optional<List<X509Certificate>> theirs = server.svid(SystemIdentity.CLUSTER_REGISTRY.in(server.trustDomain()));
        Optional<List<X509Certificate>> ours = client.svid(SystemIdentity.CLUSTER_REGISTRY.in(client.trustDomain()));
        if (theirs.isEmpty() || ours.isEmpty()) {
            return Optional.of(ReasonCode.TLS_HANDSHAKE_FAILED);
        }
        return league.verify(client, client.registry().trust(), server, theirs.get())
                .or(() -> league.verify(server, server.registry().trust(), client, ours.get()));
    }

    private void send(Runnable message) {
        pending.add(message);
        world().in(link.latency(), this::pump);
    }

    private void pump() {
        if (!over && !link.isCut() && !pending.isEmpty()) {
            pending.remove().run();
        }
    }

    /** The link is there again before anybody noticed. */
    void flush() {
        for (int i = pending.size(); i > 0; i--) {
            world().in(link.latency(), this::pump);
        }
    }

    private void toServer(DeltaDiscoveryRequest request) {
        StreamObserver<DeltaDiscoveryRequest> open = requests;
        Machine.Life life = serverLife;
        if (open != null && life != null && life.isAlive()) {
            life.run(() -> open.onNext(request));
        }
    }

    private void toClient(DeltaDiscoveryResponse response) {
        if (closed || !clientLife.isAlive()) {
            return;
        }
        league.heard(client, server);
        DeltaDiscoveryRequest.Builder answer = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
        clientLife.run(() -> listener.received(response.getResourcesList(), response.getRemovedResourcesList()).stream()
                .findFirst()
                .ifPresent(refused -> answer.setErrorDetail(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.INVALID_ARGUMENT.value())
                        .setMessage(refused.why()))));
        DeltaDiscoveryRequest made = answer.build();
        send(() -> toServer(made));
    }

    private void tellClient(String why) {
        if (!closed && clientLife.isAlive()) {
            closed = true;
            clientLife.run(() -> listener.ended(why));
        }
    }

    /** Both ends learn that it is over. */
    void breakOff(String why) {
        if (over) {
            return;
        }
        over = true;
        link.closed(this);
        pending.clear();
        tellClient(why);
        tellServer();
    }

    private void tellServer() {
        Machine.Life life = serverLife;
        if (life != null && life.isAlive()) {
            life.run(serverGone);
        }
    }

    boolean touches(Machine machine) {
        return client.registry() == machine || server.registry() == machine;
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            closed = true;
            link.closed(this);
            world().in(link.latency(), this::tellServer);
        }
    }

    /** The server's side of the stream. */
    private final class Responses extends ServerCallStreamObserver<DeltaDiscoveryResponse> {

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            DeltaDiscoveryResponse told = server.tells(response);
            send(() -> toClient(told));
        }

        @Override
        public void onError(Throwable failure) {
            ended(Status.fromThrowable(failure).getDescription());
        }

        @Override
        public void onCompleted() {
            ended("the peer closed the stream");
        }

        private void ended(@Nullable String why) {
            send(() -> {
                over = true;
                link.closed(RegistryLink.this);
                tellClient(String.valueOf(why));
            });
        }

        @Override
        public boolean isCancelled() {
            return over;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            serverGone = handler;
        }

        @Override
        public void setCompression(String compression) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("deprecation") // abstract in the library
        public void disableAutoInboundFlowControl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setMessageCompression(boolean enable) {
            throw new UnsupportedOperationException();
        }
    }
}
