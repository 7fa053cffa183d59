/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.util.function.Consumer;

/** Where the nouns of this cluster come from (design section 6). Everything after it is one code path. */
public interface Source extends AutoCloseable {

    /**
     * Reads everything once, hands it to {@code receiver} before returning, and again after each change.
     *
     * @param receiver called by one thread at a time
     */
    void start(Consumer<Manifests> receiver);

    /** Ends watching. */
    @Override
    void close();
}
