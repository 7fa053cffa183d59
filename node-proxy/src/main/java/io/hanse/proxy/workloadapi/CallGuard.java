/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a call must pass before anything is looked at. It carries {@code workload.spiffe.io: true}, exactly once (Workload
 * Endpoint 3): a request forged through a proxy cannot set it; reflection and health need no header. And it is within
 * {@link CallLimits}, else it is answered UNAVAILABLE (Workload Endpoint 6).
 */
final class CallGuard implements ServerInterceptor {

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

    private static final String SERVICE = "SpiffeWorkloadAPI";

    private static final Status NO_HEADER = Status.INVALID_ARGUMENT.withDescription(
            "security header missing: send workload.spiffe.io: true exactly once");

    private final CallAdmission admission;

    CallGuard(CallAdmission admission) {
        this.admission = admission;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (SERVICE.equals(call.getMethodDescriptor().getServiceName())
                && !headers(headers).equals(List.of("true"))) {
            return refuse(call, NO_HEADER);
        }
        CallerFacts caller = call.getAttributes().get(CallerFacts.ATTRIBUTE);
        if (caller == null) {
            return refuse(call, Status.PERMISSION_DENIED.withDescription("the kernel does not say who calls"));
        }
        Optional<CallLimits.Name> beyond = admission.entered(caller);
        if (beyond.isPresent()) {
            return refuse(
                    call,
                    Status.UNAVAILABLE.withDescription("LIMIT_EXCEEDED: %s; try again later"
                            .formatted(beyond.get().label())));
        }
        Runnable leave = once(() -> admission.left(caller));
        try {
            return leaving(
                    Contexts.interceptCall(CallerFacts.in(Context.current(), caller), call, headers, next), leave);
        } catch (RuntimeException e) {
            leave.run();
            throw e;
        }
    }

    private static List<String> headers(Metadata headers) {
        List<String> given = new ArrayList<>();
        Iterable<String> values = headers.getAll(HEADER);
        if (values != null) {
            values.forEach(given::add);
        }
        return given;
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Runnable once(Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (!done.getAndSet(true)) {
                action.run();
            }
        };
    }

    private static <Q> ServerCall.Listener<Q> leaving(ServerCall.Listener<Q> listener, Runnable leave) {
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                leave.run();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                leave.run();
                super.onComplete();
            }
        };
    }
}
