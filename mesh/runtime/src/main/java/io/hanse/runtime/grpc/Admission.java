/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts connections and calls of one listener and refuses what is too much. */
final class Admission extends ServerTransportFilter implements ServerInterceptor {

    private static final Attributes.Key<Boolean> ADMITTED = Attributes.Key.create("hanse-admitted");
    private static final String FULL = "LIMIT_EXCEEDED: this process serves as much as it may; try again later";

    private final Semaphore connections;
    private final Semaphore calls;

    Admission(GrpcLimits limits) {
        this.connections = new Semaphore(limits.maxConnections());
        this.calls = new Semaphore(limits.maxCalls());
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(ADMITTED, connections.tryAcquire()).build();
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        // Terminated before ready: the attributes are those from before, or none.
        if (attributes != null && Boolean.TRUE.equals(attributes.get(ADMITTED))) {
            connections.release();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean admitted = Boolean.TRUE.equals(call.getAttributes().get(ADMITTED));
        if (!admitted || !calls.tryAcquire()) {
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
