/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.files.StateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one short status of whatever a handler throws, and one log line of what it should not have thrown. */
final class StatusInterceptor implements ServerInterceptor {

    private static final Logger log = LoggerFactory.getLogger(StatusInterceptor.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Answered<Q, A> answered = new Answered<>(call);
        try {
            return new Guarded<>(next.startCall(answered, headers), answered);
        } catch (RuntimeException e) {
            answered.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static Status statusOf(Throwable failure, String method) {
        if (failure instanceof StatusRuntimeException known) {
            return known.getStatus();
        }
        if (failure instanceof StatusException known) {
            return known.getStatus();
        }
        if (failure instanceof StateException disk) {
            log.atWarn()
                    .addKeyValue("method", method)
                    .addKeyValue("reason", disk.getMessage())
                    .addKeyValue("next", disk.next())
                    .log("what was asked could not be made durable");
            return Status.UNAVAILABLE.withDescription(ReasonCode.STATE_NOT_WRITTEN + ": "
                    + ReasonCode.STATE_NOT_WRITTEN.meaning() + "; its log says where");
        }
        log.atError().addKeyValue("method", method).setCause(failure).log("a call failed by a bug");
        return Status.INTERNAL.withDescription("INTERNAL_ERROR: a bug in Hanse; its log has the rest");
    }

    /** A call that is closed at most once, and whose UNKNOWN errors are made INTERNAL ones. */
    private static final class Answered<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean closed;

        Answered(ServerCall<Q, A> call) {
            super(call);
        }

        void fail(Throwable failure) {
            close(statusOf(failure, getMethodDescriptor().getFullMethodName()), new Metadata());
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (closed) {
                return;
            }
            closed = true;
            Throwable cause = status.getCause();
            String method = getMethodDescriptor().getFullMethodName();
            super.close(
                    status.getCode() == Status.Code.UNKNOWN && cause != null ? statusOf(cause, method) : status,
                    trailers);
        }
    }

    private static final class Guarded<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final Answered<Q, A> call;

        Guarded(ServerCall.Listener<Q> next, Answered<Q, A> call) {
            super(next);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        private void guard(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException e) {
                call.fail(e);
            }
        }
    }
}
