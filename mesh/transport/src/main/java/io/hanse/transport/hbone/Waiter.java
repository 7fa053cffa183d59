/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

/** Waits for a connection with room for one tunnel. On the pool's loop; one of the two is called, once. */
interface Waiter {

    /** Open a stream now: the room is not kept. */
    void ready(PooledConnection connection);

    /** There will be none. */
    void failed(OpenOutcome outcome);
}
