/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sees the calls that gRPC ends because a message is longer than taken; no interceptor does. On event loops. */
final class LongMessages extends ServerStreamTracer.Factory {

    private final Consumer<CallerFacts> tooLong;

    LongMessages(Consumer<CallerFacts> tooLong) {
        this.tooLong = tooLong;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new ServerStreamTracer() {
            private volatile @Nullable CallerFacts caller;

            @Override
            public void serverCallStarted(ServerCallInfo<?, ?> call) {
                caller = call.getAttributes().get(CallerFacts.ATTRIBUTE);
            }

            @Override
            public void streamClosed(Status status) {
                CallerFacts who = caller;
                if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && who != null) {
                    tooLong.accept(who);
                }
            }
        };
    }
}
