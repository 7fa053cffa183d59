/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.util.Optional;
import java.util.function.Consumer;

/** Where the SVID of one identity is read, now and after each renewal. Any thread; nothing blocks. */
public interface SvidSource {

    /** The newest SVID; empty until there is a first. It may have expired: look at {@link X509Svid#expiresAt()}. */
    Optional<X509Svid> current();

    /**
     * Calls {@code listener} after each change, on the thread that made it; it must not block. Changes already past are
     * not told again: read {@link #current()} after subscribing.
     *
     * @return ends the subscription
     */
    Subscription onChange(Consumer<X509Svid> listener);

    /** A source that never changes. */
    static SvidSource fixed(X509Svid svid) {
        return new SvidCell(svid);
    }
}
