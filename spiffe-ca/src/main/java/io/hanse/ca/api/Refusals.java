/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hanse.ca.attest.Refusal;
import io.hanse.runtime.grpc.Caller;
import io.hanse.runtime.telemetry.LogKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals become gRPC statuses here, are counted and logged; the description is {@code <reason>: <detail>}. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final CaMetrics metrics;

    Refusals(CaMetrics metrics) {
        this.metrics = metrics;
    }

    /** Counts and logs a refusal of the current call; the caller throws what this returns. */
    StatusRuntimeException of(Refusal refusal) {
        metrics.refused(refusal.code());
        Caller caller = Caller.details();
        LOG.atInfo()
                .addKeyValue(LogKeys.EVENT, "ca.refused")
                .addKeyValue(LogKeys.REASON_CODE, refusal.code().reason())
                .addKeyValue(LogKeys.REASON, refusal.detail())
                .addKeyValue(
                        LogKeys.SRC_IDENTITY,
                        Caller.current().map(Object::toString).orElse("-"))
                .addKeyValue(
                        LogKeys.SRC_ADDRESS,
                        caller.address().map(Object::toString).orElse("-"))
                .log("refused to sign");
        return status(refusal.code().kind())
                .withDescription(refusal.code().reason() + ": " + refusal.detail())
                .asRuntimeException();
    }

    private static Status status(Refusal.Kind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case INVALID -> Status.INVALID_ARGUMENT;
            case NOT_NOW -> Status.UNAVAILABLE;
            case TOO_MUCH -> Status.RESOURCE_EXHAUSTED;
        };
    }
}
