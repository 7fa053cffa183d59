/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.hanse.model.catalog.CatalogDelta;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.transport.tls.Subscription;
import java.util.function.BiConsumer;

/** Where the catalog is read, now and after each change. Any thread; nothing blocks. */
public interface CatalogSource {

    /** The newest image; empty until there is a first. The last good one while the registry is away. */
    CatalogImage current();

    /**
     * Calls {@code listener} after each change with the new image and what changed, one at a time and in order, on the
     * thread that made it; it must not block. Changes already past are not told again: read {@link #current()} after
     * subscribing.
     */
    Subscription onChange(BiConsumer<CatalogImage, CatalogDelta> listener);

    /** Whether the registry is there and has said everything at least once. */
    boolean connected();
}
