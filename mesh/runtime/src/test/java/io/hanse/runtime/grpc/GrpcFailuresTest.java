/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class GrpcFailuresTest {

    @Test
    void theWordsOfTheFarEndAreOneLineThatNothingObeys() {
        Status status = Status.PERMISSION_DENIED.withDescription("no\n\u001b[2Jready: all is well");
        assertThat(GrpcFailures.describe(status.asRuntimeException()))
                .isEqualTo("PERMISSION_DENIED: no??[2Jready: all is well");
    }

    @Test
    void aFailureWithoutAMessageIsTold() {
        assertThat(GrpcFailures.describe(Status.UNAVAILABLE
                        .withCause(new SSLHandshakeException(null))
                        .asRuntimeException()))
                .isEqualTo("TLS_HANDSHAKE_FAILED: sslhandshake");
        assertThat(GrpcFailures.describe(
                        Status.UNAVAILABLE.withCause(new IOException()).asRuntimeException()))
                .isEqualTo("UNAVAILABLE: io");
    }
}
