/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.grpc.ManagedChannel;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.wire.xds.Node;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client end of delta ADS, for good: one {@link DeltaStream} after another, each telling the versions held, so that
 * only what changed is sent again.
 *
 * <p>Each stream has a channel of its own from {@code channels}: it meets the current SVID and bundles. Sinks are called
 * on gRPC's threads, one call at a time.
 */
public final class DeltaXdsClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeltaXdsClient.class);

    private static final Duration FIRST_RETRY = Duration.ofMillis(10);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final Supplier<ManagedChannel> channels;
    private final Node node;
    private final List<ResourceSink> sinks;
    private final Scheduler scheduler;
    private final Listener listener;
    private final Backoff backoff = Backoff.between(FIRST_RETRY, LONGEST_RETRY);

    private @Nullable DeltaStream stream;
    private @Nullable Cancellable retry;
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
        if (retry != null) {
            retry.cancel();
        }
        if (stream != null) {
            stream.close();
        }
    }

    private synchronized void open() {
        if (!closed) {
            stream = DeltaStream.open(channels.get(), node, sinks, new StreamListener());
        }
    }

    private void broken(Throwable why) {
        synchronized (this) {
            if (closed) {
                return;
            }
            retry = scheduler.after(backoff.next(), this::open);
        }
        log.atInfo()
                .addKeyValue(LogKeys.REASON, GrpcFailures.describe(why))
                .log("registry stream ended, will be opened again");
        listener.onBroken(why);
    }

    private final class StreamListener implements DeltaStream.Listener {
        @Override
        public void onTaken() {
            backoff.reset();
        }

        @Override
        public void onSynced() {
            listener.onSynced();
        }

        @Override
        public void onEnded(Throwable why) {
            broken(why);
        }
    }
}
