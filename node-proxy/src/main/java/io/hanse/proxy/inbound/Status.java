/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

/** HTTP statuses of the answers to CONNECT, as ztunnel uses them. */
final class Status {

    static final int OK = 200;
    static final int BAD_REQUEST = 400;

    /** Refused by policy. Istio's proxies say 401, not 403. */
    static final int UNAUTHORIZED = 401;

    static final int UNAVAILABLE = 503;

    private Status() {}
}
