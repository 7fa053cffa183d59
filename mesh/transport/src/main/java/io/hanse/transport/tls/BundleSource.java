/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.bundle.BundleMap;
import java.util.function.Consumer;

/** Where the bundle map is read, now and after each change. Any thread; nothing blocks. */
public interface BundleSource {

    /** The newest map; empty until there is a first, and then nobody is trusted. */
    BundleMap current();

    /**
     * Calls {@code listener} after each change, on the thread that made it; it must not block. Changes already past are
     * not told again: read {@link #current()} after subscribing.
     *
     * @return ends the subscription
     */
    Subscription onChange(Consumer<BundleMap> listener);

    /** A source that never changes. */
    static BundleSource fixed(BundleMap bundles) {
        return new BundleCell(bundles);
    }
}
