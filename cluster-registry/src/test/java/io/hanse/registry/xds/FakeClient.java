/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The far side of a stream without a network; it takes all it is sent and answers nothing by itself. */
final class FakeClient extends ServerCallStreamObserver<DeltaDiscoveryResponse> {

    private final Queue<DeltaDiscoveryResponse> responses = new ConcurrentLinkedQueue<>();
    private volatile Optional<Status> end = Optional.empty();

    /** The oldest response not yet looked at. */
    Optional<DeltaDiscoveryResponse> next() {
        return Optional.ofNullable(responses.poll());
    }

    /** How the server ended the stream, if it did. */
    Optional<Status> end() {
        return end;
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
        responses.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        end = Optional.of(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        end = Optional.of(Status.OK);
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        // It does not cancel.
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        // It is ready.
    }

    @Override
    public void setCompression(String compression) {
        // There is no wire.
    }

    @Override
    public void setMessageCompression(boolean enable) {
        // There is no wire.
    }

    @Override
    public void disableAutoInboundFlowControl() {
        // There is no wire.
    }

    @Override
    public void request(int count) {
        // There is no wire.
    }
}
