/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One kind of full-state message and those who want the newest of it. A subscriber that cannot keep up misses
 * intermediate states, never the last one; nothing is queued for it.
 *
 * <p>Any thread. A message is made once for each change and shared by all subscribers.
 */
final class Feed<M> {

    /** Nodes, gateways and registries of one cluster, twice over. */
    static final int MAX_SUBSCRIBERS = 10_000;

    private final Supplier<Optional<M>> image;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private volatile Edition<M> newest;
    private volatile boolean draining;

    /**
     * A feed.
     *
     * @param image the newest state as a message; empty while there is nothing true to say yet
     */
    Feed(Supplier<Optional<M>> image) {
        this.image = image;
        this.newest = new Edition<>(0, image.get());
    }

    /** The state changed. */
    void changed() {
        synchronized (this) {
            Optional<M> now = image.get();
            if (now.equals(newest.message())) {
                return;
            }
            newest = new Edition<>(newest.number() + 1, now);
        }
        subscribers.forEach(Subscriber::push);
    }

    /** Adds a subscriber and sends it the newest message at once. */
    void subscribe(StreamObserver<M> responses) {
        ServerCallStreamObserver<M> call = (ServerCallStreamObserver<M>) responses;
        if (draining) {
            call.onError(Status.UNAVAILABLE.withDescription("draining").asRuntimeException());
            return;
        }
        if (newest.message().isEmpty()) {
            call.onError(Status.UNAVAILABLE
                    .withDescription("IDENTITY_NOT_READY: this trust domain has no bundle yet")
                    .asRuntimeException());
            return;
        }
        if (subscribers.size() >= MAX_SUBSCRIBERS) {
            call.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("LIMIT_EXCEEDED: too many subscribers")
                    .asRuntimeException());
            return;
        }
        Subscriber subscriber = new Subscriber(call);
        subscribers.add(subscriber);
        call.setOnCancelHandler(() -> subscribers.remove(subscriber));
        call.setOnReadyHandler(subscriber::push);
        subscriber.push();
    }

    /** Sends every subscriber elsewhere. */
    void drain() {
        draining = true;
        subscribers.forEach(Subscriber::end);
        subscribers.clear();
    }

    int size() {
        return subscribers.size();
    }

    private record Edition<M>(long number, Optional<M> message) {}

    private final class Subscriber {

        private final ServerCallStreamObserver<M> call;
        private long sent = -1;
        private boolean ended;

        Subscriber(ServerCallStreamObserver<M> call) {
            this.call = call;
        }

        synchronized void push() {
            Edition<M> edition = newest;
            if (ended || edition.number() == sent || call.isCancelled() || !call.isReady()) {
                return;
            }
            sent = edition.number();
            edition.message().ifPresent(call::onNext);
        }

        synchronized void end() {
            if (!ended && !call.isCancelled()) {
                call.onError(Status.UNAVAILABLE.withDescription("draining").asRuntimeException());
            }
            ended = true;
        }
    }
}
