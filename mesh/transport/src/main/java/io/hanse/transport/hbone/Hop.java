/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

/** Which of the tunnels on the way an outcome is about. */
public enum Hop {
    /** The outer tunnel: dialling the gateway, or its answer. */
    GATEWAY,
    /** The tunnel to the endpoint's own proxy: direct, or inside the outer one. */
    ENDPOINT
}
