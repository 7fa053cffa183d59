/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.xds.ResourceSink.Rejection;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of delta ADS, from its subscriptions to its end: every type subscribed as a whole, each message acknowledged
 * or refused by name. Who wants another after it opens another ({@link DeltaXdsClient}).
 *
 * <p>Sinks and listener are called on gRPC's threads, one call at a time. The next message is asked for when the answer to
 * the last one could leave: a server that talks and does not listen fills its own buffers, not ours.
 */
public final class DeltaStream implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeltaStream.class);

    /** Characters; a NACK that names a hundred resources is for a log, not for a program. */
    private static final int MAX_NACK_CHARACTERS = 4096;

    private final ManagedChannel channel;
    private final List<ResourceSink> sinks;
    private final Listener listener;
    private final Set<String> unanswered = new HashSet<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /** What becomes of a stream. Must not block. */
    public interface Listener {

        /** A message was applied and answered. */
        void onTaken();

        /** Every type has been answered and acknowledged once. */
        void onSynced();

        /** The stream is over, by the far end or the network; told once, and not after {@link #close}. */
        void onEnded(Throwable why);
    }

    private DeltaStream(ManagedChannel channel, List<ResourceSink> sinks, Listener listener) {
        this.channel = channel;
        this.sinks = List.copyOf(sinks);
        this.listener = listener;
        sinks.forEach(sink -> unanswered.add(sink.typeUrl()));
    }

    /**
     * Subscribes, telling the versions held.
     *
     * @param channel this stream's own; shut down when it ends
     * @param node says who subscribes; the server believes the SVID, not this
     * @param sinks one for each type
     */
    public static DeltaStream open(ManagedChannel channel, Node node, List<ResourceSink> sinks, Listener listener) {
        DeltaStream stream = new DeltaStream(channel, sinks, listener);
        Exchange exchange = stream.new Exchange();
        AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(exchange);
        exchange.subscribe(node);
        return stream;
    }

    /** Ends it; what is being applied is finished. */
    @Override
    public void close() {
        over.set(true);
        channel.shutdownNow();
    }

    private void ended(Throwable why) {
        if (over.compareAndSet(false, true)) {
            channel.shutdownNow();
            listener.onEnded(why);
        }
    }

    private static String nackText(List<Rejection> rejections) {
        String text = rejections.stream()
                .map(rejection -> rejection.name() + ": " + rejection.reason())
                .collect(Collectors.joining("; "));
        return text.length() > MAX_NACK_CHARACTERS ? text.substring(0, MAX_NACK_CHARACTERS) : text;
    }

    /** Both directions. After {@link #subscribe} gRPC calls it one step at a time, and requests leave from here alone. */
    private final class Exchange implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

        private Optional<ClientCallStreamObserver<DeltaDiscoveryRequest>> requests = Optional.empty();
        private boolean owesRequest;

        @Override
        public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> stream) {
            requests = Optional.of(stream);
            stream.disableAutoRequestWithInitial(0);
            stream.setOnReadyHandler(this::askIfOwed);
        }

        /** No answer comes before the first one is asked for, and that is when every type has been subscribed. */
        void subscribe(Node node) {
            ClientCallStreamObserver<DeltaDiscoveryRequest> out = requests.orElseThrow();
            for (ResourceSink sink : sinks) {
                out.onNext(DeltaDiscoveryRequest.newBuilder()
                        .setNode(node)
                        .setTypeUrl(sink.typeUrl())
                        .putAllInitialResourceVersions(sink.versions())
                        .build());
            }
            out.request(1);
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            if (over.get()) {
                return;
            }
            sinks.stream()
                    .filter(sink -> sink.typeUrl().equals(response.getTypeUrl()))
                    .findFirst()
                    .ifPresentOrElse(sink -> take(sink, response), () -> unasked(response));
            owesRequest = true;
            if (requests.orElseThrow().isReady()) {
                askIfOwed();
            }
        }

        @Override
        public void onError(Throwable why) {
            ended(why);
        }

        @Override
        public void onCompleted() {
            ended(io.grpc.Status.UNAVAILABLE
                    .withDescription("the far end ended the stream")
                    .asException());
        }

        private void askIfOwed() {
            if (owesRequest) {
                owesRequest = false;
                requests.orElseThrow().request(1);
            }
        }

        private void take(ResourceSink sink, DeltaDiscoveryResponse response) {
            List<Rejection> rejections = sink.apply(response.getResourcesList(), response.getRemovedResourcesList());
            reply(response, nackText(rejections));
            listener.onTaken();
            if (unanswered.remove(sink.typeUrl()) && unanswered.isEmpty()) {
                listener.onSynced();
            }
        }

        private void unasked(DeltaDiscoveryResponse response) {
            reply(response, "type %s: not subscribed".formatted(response.getTypeUrl()));
        }

        /** ACK: type and nonce. NACK: the same and a message; the code stays 0, as ztunnel leaves it. */
        private void reply(DeltaDiscoveryResponse response, String refusal) {
            DeltaDiscoveryRequest.Builder reply = DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(response.getTypeUrl())
                    .setResponseNonce(response.getNonce());
            if (!refusal.isEmpty()) {
                log.atWarn()
                        .addKeyValue("type", response.getTypeUrl())
                        .addKeyValue(LogKeys.REASON, refusal)
                        .log("registry sent what is not usable; the rest is in use");
                reply.setErrorDetail(Status.newBuilder().setMessage(refusal));
            }
            requests.orElseThrow().onNext(reply.build());
        }
    }
}
