/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.hanse.model.cluster.HostPort;
import io.hanse.transport.tls.PeerCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC listener over TLS 1.3. Made by {@link #at}, started once, drained once.
 *
 * <p>Handlers run on virtual threads and may block. Errors a handler throws reach the caller as one short status; what
 * is not a status is logged here and answered INTERNAL.
 */
public final class GrpcServer {

    private final Server server;

    private GrpcServer(Server server) {
        this.server = server;
    }

    /** Begins a listener at an address; port 0 takes a free one. Host names are resolved when it is built. */
    public static Builder at(HostPort address, MeshIdentity identity) {
        return new Builder(address, identity);
    }

    /**
     * Binds and serves.
     *
     * @throws IOException if the address cannot be bound
     */
    public GrpcServer start() throws IOException {
        server.start();
        return this;
    }

    /** The bound port. */
    public int port() {
        return server.getPort();
    }

    /**
     * Takes no new call, tells every caller to go elsewhere (UNAVAILABLE, never OK: a stream that ends OK is not opened
     * again by some clients), waits for the calls in flight, then cuts. Blocks up to {@code deadline}.
     */
    public void drain(Duration deadline) {
        server.shutdown();
        try {
            if (!server.awaitTermination(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends every call now. */
    public void stop() {
        server.shutdownNow();
    }

    /** Collects what the listener is; used by one thread. */
    public static final class Builder {

        private final HostPort address;
        private final MeshIdentity identity;
        private final List<BindableService> services = new ArrayList<>();
        private final List<ServerInterceptor> interceptors = new ArrayList<>();
        private ClientCertificate clientCertificate = ClientCertificate.REQUIRED;
        private PeerCheck callers = PeerCheck.anyKnown();
        private GrpcLimits limits = GrpcLimits.defaults();
        private RefusedHandshakes refused = RefusedHandshakes.IGNORED;

        private Builder(HostPort address, MeshIdentity identity) {
            this.address = address;
            this.identity = identity;
        }

        /** Whether callers must show an SVID; default: they must. */
        public Builder clientCertificate(ClientCertificate value) {
            this.clientCertificate = value;
            return this;
        }

        /** Whom the handshake lets in; default: anybody whose trust domain has a bundle here. */
        public Builder callers(PeerCheck value) {
            this.callers = value;
            return this;
        }

        /** Sizes and counts; default {@link GrpcLimits#defaults()}. */
        public Builder limits(GrpcLimits value) {
            this.limits = value;
            return this;
        }

        /** Who hears of refused handshakes; default: nobody. */
        public Builder refusedHandshakes(RefusedHandshakes value) {
            this.refused = value;
            return this;
        }

        /** Adds a service. */
        public Builder service(BindableService service) {
            services.add(service);
            return this;
        }

        /** Adds an interceptor, which sees {@link Caller} already set. */
        public Builder interceptor(ServerInterceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /** Puts it together; {@link #start} binds. */
        public GrpcServer build() {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(address.host(), address.port()))
                    .protocolNegotiator(new WatchedServerTls(
                            GrpcTls.server(identity, callers, clientCertificate),
                            identity.liveTrust(),
                            limits,
                            refused))
                    .executor(GrpcTls.VIRTUAL_THREADS)
                    .handshakeTimeout(GrpcLimits.HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTime(GrpcLimits.KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(GrpcLimits.KEEPALIVE_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .permitKeepAliveTime(GrpcLimits.FASTEST_CLIENT_KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .maxInboundMessageSize(limits.maxInboundBytes())
                    .maxInboundMetadataSize(GrpcLimits.MAX_METADATA_BYTES)
                    .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection());
            services.forEach(builder::addService);
            // The last interceptor added is the first to run.
            interceptors.reversed().forEach(builder::intercept);
            builder.intercept(new CallerInterceptor())
                    .intercept(new StatusInterceptor())
                    .intercept(new Admission(limits));
            return new GrpcServer(builder.build());
        }
    }
}
