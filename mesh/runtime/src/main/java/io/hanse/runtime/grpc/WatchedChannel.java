/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientTransportFilter;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.transport.tls.LiveTrust;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.transport.tls.TlsPeer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections and calls of one channel. When the server of a connection no longer verifies, its calls end with
 * UNAUTHENTICATED and TRUST_WITHDRAWN and the channel leaves the connection; the next call makes a handshake.
 */
final class WatchedChannel extends ClientTransportFilter implements ClientInterceptor {

    private static final Attributes.Key<Connection> CONNECTION = Attributes.Key.create("hanse-connection");

    private final LiveTrust<LiveTransport> trust;
    private final Set<Call<?, ?>> calls = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ManagedChannel channel;

    WatchedChannel(LiveTrust<LiveTransport> trust) {
        this.trust = trust;
    }

    /** Tells which channel this is; before its first call. */
    void isOf(ManagedChannel made) {
        channel = made;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        return Optional.ofNullable(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                .flatMap(TlsPeer::of)
                .map(peer -> {
                    Connection connection = new Connection(peer);
                    trust.admit(connection, peer);
                    return attributes.toBuilder().set(CONNECTION, connection).build();
                })
                .orElse(attributes);
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        Connection connection = attributes.get(CONNECTION);
        if (connection != null) {
            trust.forget(connection);
        }
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new Call<>(next.newCall(method, options));
    }

    private final class Connection implements LiveTransport {
        private final TlsPeer peer;
        private volatile Optional<PeerRefused> refusal = Optional.empty();

        Connection(TlsPeer peer) {
            this.peer = peer;
        }

        @Override
        public void end(Refused refused) {
            PeerRefused why = new PeerRefused(new Refused(
                    ReasonCode.TRUST_WITHDRAWN, "%s: %s: %s".formatted(peer.id(), refused.reason(), refused.detail())));
            refusal = Optional.of(why);
            ManagedChannel leaving = channel;
            if (leaving != null) {
                leaving.enterIdle();
            }
            calls.forEach(call -> call.endIfOn(this, why));
        }
    }

    /** A call that can be ended from outside, also while it is being started; what its owner still says is dropped. */
    private final class Call<Q, A> extends SimpleForwardingClientCall<Q, A> {
        private boolean started;
        private Optional<PeerRefused> ended = Optional.empty();

        Call(ClientCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void start(Listener<A> listener, Metadata headers) {
            calls.add(this);
            super.start(new Watched(listener), headers);
            started = true;
            ended.ifPresent(this::cancelFor);
        }

        @Override
        public synchronized void sendMessage(Q message) {
            if (ended.isEmpty()) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void halfClose() {
            if (ended.isEmpty()) {
                super.halfClose();
            }
        }

        /** A call that waits for a connection may be about to take this one; it is ended too. */
        void endIfOn(Connection withdrawn, PeerRefused why) {
            Connection mine = getAttributes().get(CONNECTION);
            if (mine == null || mine == withdrawn) {
                end(why);
            }
        }

        private synchronized void end(PeerRefused why) {
            if (ended.isEmpty()) {
                ended = Optional.of(why);
                if (started) {
                    cancelFor(why);
                }
            }
        }

        private synchronized Optional<PeerRefused> ended() {
            return ended;
        }

        private void cancelFor(PeerRefused why) {
            cancel(why.getMessage(), why);
        }

        private final class Watched extends SimpleForwardingClientCallListener<A> {

            Watched(Listener<A> listener) {
                super(listener);
            }

            /** A call that took the connection in the moment of its withdrawal ends before it hears anything. */
            @Override
            public void onHeaders(Metadata headers) {
                Connection mine = getAttributes().get(CONNECTION);
                Optional<PeerRefused> refused = mine == null ? Optional.empty() : mine.refusal;
                refused.ifPresentOrElse(Call.this::end, () -> super.onHeaders(headers));
            }

            @Override
            public void onMessage(A message) {
                if (ended().isEmpty()) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                calls.remove(Call.this);
                Status told = ended().map(why -> Status.UNAUTHENTICATED
                                .withDescription(why.getMessage())
                                .withCause(why))
                        .orElse(status);
                super.onClose(told, trailers);
            }
        }
    }
}
