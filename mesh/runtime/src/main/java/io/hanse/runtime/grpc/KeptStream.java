/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server stream that is opened again whenever it ends, however it ends, after a wait that doubles until the first
 * message of the next stream (WL-4.2). Each stream has a channel of its own, so each meets the current SVID and bundles.
 * Messages and ends are told one after the other. Any thread.
 *
 * @param <Q> the one request of the stream
 * @param <A> its messages
 */
public final class KeptStream<Q, A> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeptStream.class);

    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Supplier<ManagedChannel> channels;
    private final Scheduler scheduler;
    private final Backoff backoff;
    private final Listener<A> listener;

    private @Nullable ManagedChannel channel;
    private @Nullable Cancellable retry;
    private long generation;
    private boolean closed;

    /** Nothing is opened before {@link #start}. */
    public KeptStream(
            MethodDescriptor<Q, A> method,
            Q request,
            Supplier<ManagedChannel> channels,
            Scheduler scheduler,
            Backoff backoff,
            Listener<A> listener) {
        this.method = method;
        this.request = request;
        this.channels = channels;
        this.scheduler = scheduler;
        this.backoff = backoff;
        this.listener = listener;
    }

    /** What a stream brings. Neither method may block for long: the next message waits. */
    public interface Listener<A> {

        /** The next message; what it throws ends the stream. */
        void onMessage(A message);

        /** The stream is over; another will be tried. */
        void onBroken(Throwable why);

        /** A listener that takes messages and leaves ends to the log. */
        static <A> Listener<A> of(Consumer<A> messages) {
            return new Listener<>() {
                @Override
                public void onMessage(A message) {
                    messages.accept(message);
                }

                @Override
                public void onBroken(Throwable why) {
                    // KeptStream has logged it.
                }
            };
        }
    }

    /** Opens the first stream. */
    public void start() {
        open();
    }

    /** Ends the stream for good. */
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
        long mine = ++generation;
        ManagedChannel opened = channels.get();
        channel = opened;
        ClientCalls.asyncServerStreamingCall(opened.newCall(method, CallOptions.DEFAULT), request, new Observer(mine));
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
                .addKeyValue("method", method.getFullMethodName())
                .addKeyValue("reason", GrpcFailures.describe(why))
                .log("stream ended, will be opened again");
        listener.onBroken(why);
    }

    private final class Observer implements StreamObserver<A> {
        private final long mine;

        Observer(long mine) {
            this.mine = mine;
        }

        @Override
        public void onNext(A message) {
            if (isCurrent(mine)) {
                listener.onMessage(message);
                backoff.reset();
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
                    Status.UNAVAILABLE
                            .withDescription("the far end ended the stream")
                            .asException());
        }
    }
}
