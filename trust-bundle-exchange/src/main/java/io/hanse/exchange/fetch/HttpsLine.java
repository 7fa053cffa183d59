/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

/**
 * The seam between the federation's rules and the network: one request, one outcome. Public because a simulated network
 * fills it from outside this module.
 */
@FunctionalInterface
public interface HttpsLine {

    /** Makes the request; blocks for at most its limit, and never throws for what the network or the other side does. */
    HttpsAnswer call(HttpsCall call);
}
