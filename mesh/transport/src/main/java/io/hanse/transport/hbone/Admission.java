/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;

/** What becomes of a TCP connection once its ClientHello has been seen. */
public sealed interface Admission {

    /** It is HBONE: TLS ends here. */
    record Hbone() implements Admission {}

    /** Its bytes, also those already read, go to {@code target} untouched. */
    record PassThrough(InetSocketAddress target, TunnelListener listener) implements Admission {}

    /** It is closed. */
    record Refuse(ReasonCode reason) implements Admission {}
}
