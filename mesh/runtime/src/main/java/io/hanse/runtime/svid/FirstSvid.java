/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.transport.tls.SvidSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** Begins what needs an identity, once, as soon as there is one: a stream that starts earlier would only retry. */
public final class FirstSvid {

    private final AtomicBoolean begun = new AtomicBoolean();
    private final Runnable begin;

    private FirstSvid(Runnable begin) {
        this.begin = begin;
    }

    /** Runs {@code begin} now if {@code source} holds an SVID, else on the thread that brings the first one. */
    public static void of(SvidSource source, Runnable begin) {
        FirstSvid first = new FirstSvid(begin);
        source.onChange(svid -> first.run());
        if (source.current().isPresent()) {
            first.run();
        }
    }

    private void run() {
        if (begun.compareAndSet(false, true)) {
            begin.run();
        }
    }
}
