/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.Status;
import io.hanse.model.reason.InWords;
import io.hanse.transport.tls.PeerRefused;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

/** What a failed call means, in one line for people. */
public final class GrpcFailures {

    /** gRPC and Netty wrap a handshake's failure a few times. */
    private static final int MAX_CAUSES = 8;

    private GrpcFailures() {}

    /**
     * {@code CODE: detail}; the reason code of a refused peer comes before gRPC's own words. A status is told in the far
     * end's words, so they are made plain.
     */
    public static String describe(Throwable failure) {
        return InWords.plain(PeerRefused.in(failure)
                .map(Throwable::getMessage)
                .or(() -> ofHandshake(failure))
                .orElseGet(() -> ofStatus(failure)));
    }

    /** Whether trying the same again can help: the far end is away, full or slow, and did not refuse. */
    public static boolean isTransient(Throwable failure) {
        if (PeerRefused.in(failure).isPresent()) {
            return false;
        }
        return switch (Status.fromThrowable(failure).getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED -> true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> false;
        };
    }

    /** A handshake that failed before anybody was asked whether the peer is good. */
    private static Optional<String> ofHandshake(Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < MAX_CAUSES && at != null; i++) {
            if (at instanceof SSLHandshakeException handshake) {
                return Optional.of("%s: %s".formatted(PeerRefused.reasonOf(handshake), InWords.of(handshake)));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    private static String ofStatus(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        String description = status.getDescription();
        Throwable cause = status.getCause();
        String why = cause == null ? null : InWords.of(cause);
        String detail =
                Stream.of(description, why).filter(Objects::nonNull).distinct().collect(Collectors.joining(": "));
        return detail.isEmpty() ? status.getCode().name() : status.getCode() + ": " + detail;
    }
}
