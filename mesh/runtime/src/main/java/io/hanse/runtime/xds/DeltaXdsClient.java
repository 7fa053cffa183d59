/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.xds.ResourceSink.Rejection;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Node;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client end of delta ADS: one stream, every type subscribed as a whole, each message acknowledged or refused by name,
 * and after a break the versions held, so that only what changed is sent again.
 *
 * <p>Each stream has a channel of its own from {@code channels}: it meets the current SVID and bundles, and a supplier that
 * walks a list of gateways tries the next one. Sinks are called on gRPC's threads, one call at a time.
 */
public final class DeltaXdsClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeltaXdsClient.class);

    private static final Duration FIRST_RETRY = Duration.ofMillis(10);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
    /** Characters; a NACK that names a hundred resources is for a log, not for a program. */
    private static final int MAX_NACK_CHARACTERS = 4096;

    private final Supplier<ManagedChannel> channels;
    private final Node node;
    private final List<ResourceSink> sinks;
    private final Scheduler scheduler;
    private final Listener listener;
    private final Backoff backoff = Backoff.between(FIRST_RETRY, LONGEST_RETRY);

    private @Nullable ManagedChannel channel;
    private @Nullable Cancellable retry;
    private long generation;
    private boolean closed;

    /** What becomes of the stream. Must not block. */
    public interface Listener {

        /** Every type has been answered and acknowledged once on this stream. */
        void onSynced();

        /** The stream is over; another will be tried. */
        void onBroken(Throwable why);
    }

    /**
     * Nothing is opened before {@link #start}.
     *
     * @param channels opens a channel for each stream; this client shuts it down
     * @param node says who subscribes; the server believes the SVID, not this
     * @param sinks one for each type
     */
    public DeltaXdsClient(
            Supplier<ManagedChannel> channels,
            Node node,
            List<ResourceSink> sinks,
            Scheduler scheduler,
            Listener listener) {
        this.channels = channels;
        this.node = node;
        this.sinks = List.copyOf(sinks);
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /** Opens the first stream. */
    public void start() {
        open();
    }

    @Override
    public synchronized void close() {
        closed = true;
        generation++;
        if (retry != null) {
            retry.cancel();
        }
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    private synchronized void open() {
        if (closed) {
            return;
        }
        ManagedChannel opened = channels.get();
        channel = opened;
        Session session = new Session(++generation);
        session.begin(AggregatedDiscoveryServiceGrpc.newStub(opened).deltaAggregatedResources(session));
    }

    private synchronized boolean isCurrent(long mine) {
        return mine == generation && !closed;
    }

    private void broken(long mine, Throwable why) {
        synchronized (this) {
            if (!isCurrent(mine)) {
                return;
            }
            generation++;
            if (channel != null) {
                channel.shutdownNow();
            }
            retry = scheduler.after(backoff.next(), this::open);
        }
        log.atInfo()
                .addKeyValue("reason", GrpcFailures.describe(why))
                .log("registry stream ended, will be opened again");
        listener.onBroken(why);
    }

    private static String nackText(List<Rejection> rejections) {
        String text = rejections.stream()
                .map(rejection -> rejection.name() + ": " + rejection.reason())
                .collect(Collectors.joining("; "));
        return text.length() > MAX_NACK_CHARACTERS ? text.substring(0, MAX_NACK_CHARACTERS) : text;
    }

    /** One stream. gRPC calls it one message at a time; requests leave from here alone. */
    private final class Session implements StreamObserver<DeltaDiscoveryResponse> {

        private final long mine;
        private final Set<String> unanswered = new HashSet<>();
        private @Nullable StreamObserver<DeltaDiscoveryRequest> requests;

        Session(long mine) {
            this.mine = mine;
            sinks.forEach(sink -> unanswered.add(sink.typeUrl()));
        }

        /** Under the client's lock: no answer is taken before every type is asked for. */
        void begin(StreamObserver<DeltaDiscoveryRequest> out) {
            requests = out;
            for (ResourceSink sink : sinks) {
                out.onNext(DeltaDiscoveryRequest.newBuilder()
                        .setNode(node)
                        .setTypeUrl(sink.typeUrl())
                        .putAllInitialResourceVersions(sink.versions())
                        .build());
            }
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            // isCurrent also waits for begin to end: both hold the client's lock.
            if (isCurrent(mine)) {
                sinks.stream()
                        .filter(sink -> sink.typeUrl().equals(response.getTypeUrl()))
                        .findFirst()
                        .ifPresentOrElse(sink -> take(sink, response), () -> unasked(response));
            }
        }

        @Override
        public void onError(Throwable why) {
            broken(mine, why);
        }

        @Override
        public void onCompleted() {
            broken(
                    mine,
                    io.grpc.Status.UNAVAILABLE
                            .withDescription("the far end ended the stream")
                            .asException());
        }

        private void take(ResourceSink sink, DeltaDiscoveryResponse response) {
            List<Rejection> rejections = sink.apply(response.getResourcesList(), response.getRemovedResourcesList());
            reply(response, nackText(rejections));
            backoff.reset();
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
                        .addKeyValue("reason", refusal)
                        .log("registry sent what cannot be read; the rest is in use");
                reply.setErrorDetail(Status.newBuilder().setMessage(refusal));
            }
            StreamObserver<DeltaDiscoveryRequest> out = requests;
            if (out != null) {
                out.onNext(reply.build());
            }
        }
    }
}
