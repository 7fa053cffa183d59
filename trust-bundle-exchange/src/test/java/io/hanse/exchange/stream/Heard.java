/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hanse.exchange.testing.Eventually;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a subscriber hears, in order, and how its stream ended. */
final class Heard<M> implements StreamObserver<M> {

    private final BlockingQueue<M> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    /** The next message. */
    M next() throws InterruptedException {
        M message = messages.poll(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new AssertionError("no message; the stream " + (end.isDone() ? "ended: " + end.join() : "is open"));
        }
        return message;
    }

    /** How many messages wait to be looked at. */
    int waiting() {
        return messages.size();
    }

    /** The status that ended the stream. */
    Status end() throws Exception {
        return end.get(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(M message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }
}
