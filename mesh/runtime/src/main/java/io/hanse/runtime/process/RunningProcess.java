/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One role, wired. The shell starts it once and drains it once, both on threads that may block. */
public interface RunningProcess {

    /**
     * Binds and begins; returns when every listener is bound. Waiting for peers is no part of it.
     *
     * @throws StartException if it cannot; an escaping {@link java.net.BindException} (as a cause) is explained by the shell
     */
    void start();

    /** Ends gracefully within the time, then by force; everything is closed when it returns. Also after a failed start. */
    void drain(Duration deadline);

    /** What it listens on, after the start. */
    default List<Listener> listeners() {
        return List.of();
    }

    /** Its own SPIFFE ID, once it has an SVID. */
    default Optional<SpiffeId> identity() {
        return Optional.empty();
    }
}
