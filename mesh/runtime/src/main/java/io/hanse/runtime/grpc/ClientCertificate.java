/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

/** Whether a caller must show an SVID. One that is shown is verified either way. */
public enum ClientCertificate {
    /** No certificate, no connection. */
    REQUIRED,
    /** Without one, {@link Caller#current()} is empty and the handler decides: spiffe-ca takes join tokens. */
    OPTIONAL
}
