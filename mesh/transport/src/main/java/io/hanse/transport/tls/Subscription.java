/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

/** A listener's place at a source. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends it; harmless when repeated. */
    @Override
    void close();
}
