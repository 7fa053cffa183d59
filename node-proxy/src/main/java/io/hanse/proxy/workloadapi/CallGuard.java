/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * Demands {@code workload.spiffe.io: true}, exactly once, before anything else is looked at (Workload Endpoint 3): a
 * request forged through a proxy cannot set it. Reflection and health need no header.
 */
final class CallGuard implements ServerInterceptor {

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

    private static final String SERVICE = "SpiffeWorkloadAPI";

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Iterable<String> values = headers.getAll(HEADER);
        List<String> given = new ArrayList<>();
        if (values != null) {
            values.forEach(given::add);
        }
        if (SERVICE.equals(call.getMethodDescriptor().getServiceName()) && !given.equals(List.of("true"))) {
            call.close(
                    Status.INVALID_ARGUMENT.withDescription(
                            "security header missing: send workload.spiffe.io: true exactly once"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(CallerFacts.in(Context.current(), call), call, headers, next);
    }
}
