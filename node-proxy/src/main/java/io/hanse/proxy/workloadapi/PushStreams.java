/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Open streams: each says its full state at once and again whenever that changed, and nothing when it did not. A caller
 * with no identity waits out a grace, since a workload may start before its registration has travelled, and is then
 * refused; one that loses its last identity is refused at once (WL-5.2.1c). No stream ends with OK: java-spiffe would stop
 * for good. How many there may be {@link CallAdmission} decides. Any thread.
 */
final class PushStreams {

    private final Scheduler scheduler;
    private final Duration grace;
    private final Set<Stream<?>> open = ConcurrentHashMap.newKeySet();

    PushStreams(Scheduler scheduler, Duration grace) {
        this.scheduler = scheduler;
        this.grace = grace;
    }

    /** What a stream says now. */
    sealed interface State<A> {

        /** The whole state. */
        record Full<A>(A message) implements State<A> {}

        /** Entitled, but what it is entitled to is not here yet. */
        record NotYet<A>() implements State<A> {}

        /** Not entitled to anything. */
        record Nobody<A>() implements State<A> {}
    }

    /** Begins a stream; {@code state} is asked now and on every change, and may block. */
    <A> void open(StreamObserver<A> observer, Supplier<State<A>> state) {
        ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) observer;
        Stream<A> stream = new Stream<>(call, state);
        call.setOnCancelHandler(() -> open.remove(stream));
        open.add(stream);
        stream.look();
    }

    /** Something changed: every stream looks again. */
    void changed() {
        open.forEach(stream -> scheduler.now(() -> stream.look()));
    }

    /** The same, and every stream has looked when this returns. */
    void changedNow() {
        open.forEach(Stream::look);
    }

    /** Ends every stream, to be opened again elsewhere or later. */
    void drain() {
        open.forEach(stream -> stream.end(Status.UNAVAILABLE.withDescription("DRAINING: the node proxy is stopping")));
    }

    private final class Stream<A> {
        private final ServerCallStreamObserver<A> call;
        private final Supplier<State<A>> state;
        private Optional<A> last = Optional.empty();
        private @Nullable Cancellable refusal;
        private boolean over;

        Stream(ServerCallStreamObserver<A> call, Supplier<State<A>> state) {
            this.call = call;
            this.state = state;
        }

        synchronized void look() {
            if (over || call.isCancelled()) {
                return;
            }
            switch (state.get()) {
                case State.Full<A> full -> say(full.message());
                case State.NotYet<A> notYet ->
                    refuseLater(Status.UNAVAILABLE.withDescription(
                            "IDENTITY_NOT_READY: no certificate for this workload yet"));
                case State.Nobody<A> nobody -> {
                    Status denied = Status.PERMISSION_DENIED.withDescription("no identity issued");
                    if (last.isPresent()) {
                        end(denied);
                    } else {
                        refuseLater(denied);
                    }
                }
            }
        }

        private void say(A message) {
            calm();
            if (!last.equals(Optional.of(message))) {
                last = Optional.of(message);
                try {
                    call.onNext(message);
                } catch (IllegalStateException | StatusRuntimeException e) {
                    open.remove(this); // the caller left meanwhile
                }
            }
        }

        /** The grace runs once from the first look that found nothing; when it is over, it is looked again. */
        private void refuseLater(Status status) {
            if (refusal == null) {
                refusal = scheduler.after(grace, () -> refuse(status));
            }
        }

        private synchronized void refuse(Status status) {
            if (refusal != null && !(state.get() instanceof State.Full<A>)) {
                end(status);
            }
        }

        private void calm() {
            if (refusal != null) {
                refusal.cancel();
                refusal = null;
            }
        }

        synchronized void end(Status status) {
            if (!over) {
                over = true;
                open.remove(this);
                try {
                    call.onError(status.asRuntimeException());
                } catch (IllegalStateException e) {
                    open.remove(this); // the caller left meanwhile
                }
            }
        }
    }
}
