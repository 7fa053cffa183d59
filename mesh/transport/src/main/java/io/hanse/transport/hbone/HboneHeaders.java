/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

/** Names on the HBONE wire (docs/wires.md). */
public final class HboneHeaders {
    /** On every answer that is not a plain 200: the {@code ReasonCode}. */
    public static final String REASON = "hanse-reason";
    /** On a refusal by policy: {@code namespace/name}. */
    public static final String POLICY = "hanse-policy";
    /** {@code 1} on a request that asks for the verdict alone. */
    public static final String DRY_RUN = "hanse-dry-run";
    /** The authority of a probe: answered 200 with END_STREAM. */
    public static final String PROBE_AUTHORITY = "probe.hanse.internal:15021";

    private HboneHeaders() {}
}
