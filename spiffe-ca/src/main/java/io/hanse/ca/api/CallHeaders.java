/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Locale;
import java.util.Optional;

/**
 * What the call's metadata said, for the thread that serves it.
 *
 * @param bearer the secret of {@code authorization: Bearer <secret>}, if exactly one was sent
 * @param fromWorkloadApiClient whether {@code workload.spiffe.io: true} was sent exactly once (Workload Endpoint 3)
 */
record CallHeaders(Optional<String> bearer, boolean fromWorkloadApiClient) {

    private static final CallHeaders NONE = new CallHeaders(Optional.empty(), false);
    private static final Context.Key<CallHeaders> KEY = Context.keyWithDefault("hanse-ca-headers", NONE);

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> WORKLOAD =
            Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "bearer ";

    static CallHeaders current() {
        return KEY.get();
    }

    static ServerInterceptor interceptor() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                Context context = Context.current().withValue(KEY, read(headers));
                return Contexts.interceptCall(context, call, headers, next);
            }
        };
    }

    private static CallHeaders read(Metadata headers) {
        Optional<String> bearer = only(headers, AUTHORIZATION)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
        return new CallHeaders(
                bearer, only(headers, WORKLOAD).filter("true"::equals).isPresent());
    }

    private static Optional<String> only(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> all = headers.getAll(key);
        Optional<String> found = Optional.empty();
        if (all != null) {
            for (String one : all) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                found = Optional.of(one);
            }
        }
        return found;
    }

    /** The secret is not part of it. */
    @Override
    public String toString() {
        return "CallHeaders[bearer=" + bearer.isPresent() + "]";
    }
}
