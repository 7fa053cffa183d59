/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.x509.Verification.Refused;

/** An open gRPC connection whose peer proved itself; compared by identity. */
interface LiveTransport {

    /** Ends it and every call on it, because its peer no longer verifies. Does not block. */
    void end(Refused refused);
}
