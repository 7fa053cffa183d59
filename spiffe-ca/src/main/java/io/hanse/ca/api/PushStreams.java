/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.hanse.ca.attest.Refusal;
import io.hanse.model.identity.SpiffeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Open streams that always show the newest state. A slow reader misses intermediate states and never makes anybody wait
 * or queue: when it is ready again it is given what is newest then. Streams end with UNAVAILABLE, never with OK, because
 * some clients take OK for the end of all news. Any thread.
 */
public final class PushStreams {

    /** Streams of one caller: a node keeps three; restarts overlap. */
    static final int MAX_PER_CALLER = 32;

    private final Set<PushStream<?>> open = new HashSet<>();
    private final Map<String, Integer> perCaller = new HashMap<>();
    private boolean draining;

    /**
     * Begins a stream: the newest state now, and again after each {@link #changed}. Called in the handler's thread.
     *
     * @param newest makes the message of the state of that moment
     */
    <T> Optional<Refusal> begin(SpiffeId caller, ServerCallStreamObserver<T> answer, Supplier<T> newest) {
        PushStream<T> stream = new PushStream<>(caller.toString(), answer, newest);
        synchronized (this) {
            if (draining) {
                return Optional.of(new Refusal(Refusal.Code.DRAINING, "this authority is shutting down"));
            }
            if (perCaller.getOrDefault(stream.caller, 0) >= MAX_PER_CALLER) {
                return Optional.of(new Refusal(
                        Refusal.Code.STREAM_LIMIT, "this caller has " + MAX_PER_CALLER + " streams open already"));
            }
            perCaller.merge(stream.caller, 1, Integer::sum);
            open.add(stream);
        }
        answer.setOnReadyHandler(stream::flush);
        answer.setOnCancelHandler(() -> forget(stream));
        stream.changed();
        return Optional.empty();
    }

    /** The state has changed: every stream shows the new one. */
    public void changed() {
        for (PushStream<?> stream : all()) {
            stream.changed();
        }
    }

    /** Ends every stream with UNAVAILABLE and takes no new one. */
    public void drain() {
        synchronized (this) {
            draining = true;
        }
        for (PushStream<?> stream : all()) {
            stream.end();
            forget(stream);
        }
    }

    private synchronized Set<PushStream<?>> all() {
        return Set.copyOf(open);
    }

    private synchronized void forget(PushStream<?> stream) {
        if (open.remove(stream)) {
            perCaller.computeIfPresent(stream.caller, (caller, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** One stream; its monitor guards the observer, which is not thread-safe. */
    private static final class PushStream<T> {

        private final String caller;
        private final ServerCallStreamObserver<T> answer;
        private final Supplier<T> newest;
        private boolean pending;
        private boolean ended;

        PushStream(String caller, ServerCallStreamObserver<T> answer, Supplier<T> newest) {
            this.caller = caller;
            this.answer = answer;
            this.newest = newest;
        }

        synchronized void changed() {
            pending = true;
            flush();
        }

        synchronized void flush() {
            if (pending && !ended && !answer.isCancelled() && answer.isReady()) {
                pending = false;
                answer.onNext(newest.get());
            }
        }

        synchronized void end() {
            if (!ended && !answer.isCancelled()) {
                answer.onError(Status.UNAVAILABLE
                        .withDescription("shutting-down: this authority is shutting down")
                        .asRuntimeException());
            }
            ended = true;
        }
    }
}
