/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;

/** Counts calls of one listener and refuses what is too much. */
final class Admission implements ServerInterceptor {

    private static final String FULL = "LIMIT_EXCEEDED: this process serves as much as it may; try again later";
    private static final String NO_PLACE = "io.hanse.runtime.grpc.no-place";

    private final Semaphore calls;

    Admission(GrpcLimits limits) {
        this.calls = new Semaphore(limits.maxCalls());
    }

    /** No call of this connection is served: it has no place, and its end is on the way. */
    static void serveNothing(SSLSession session) {
        session.putValue(NO_PLACE, true);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        boolean hasPlace = session == null || session.getValue(NO_PLACE) == null;
        if (!hasPlace || !calls.tryAcquire()) {
            call.close(Status.RESOURCE_EXHAUSTED.withDescription(FULL), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        AtomicBoolean released = new AtomicBoolean();
        Runnable release = () -> {
            if (released.compareAndSet(false, true)) {
                calls.release();
            }
        };
        try {
            return new Counted<>(next.startCall(call, headers), release);
        } catch (RuntimeException | Error e) {
            release.run();
            throw e;
        }
    }

    private static final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Runnable release;

        Counted(ServerCall.Listener<Q> next, Runnable release) {
            super(next);
            this.release = release;
        }

        @Override
        public void onComplete() {
            release.run();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            release.run();
            super.onCancel();
        }
    }
}
