/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/** Limits that a test can reach. */
final class Few {

    private Few() {}

    /** The defaults, with ids up to this one. */
    static H2Limits streamIds(int last) {
        return of(H2Limits.defaults().maxPrematureResets(), last);
    }

    /** The defaults, with so many premature resets. */
    static H2Limits resets(int most) {
        return of(most, H2Limits.defaults().lastStreamId());
    }

    private static H2Limits of(int resets, int last) {
        H2Limits d = H2Limits.defaults();
        return new H2Limits(
                d.maxConcurrentStreams(),
                d.maxFrameBytes(),
                d.headerBytes(),
                d.headerCount(),
                d.streamWindowBytes(),
                d.maxStreamWindowBytes(),
                d.windowGrowthBytes(),
                d.connectionWindowBytes(),
                d.keepalive(),
                d.keepaliveAnswer(),
                d.settingsAnswer(),
                d.frameTime(),
                d.idle(),
                d.drainStep(),
                d.floodWindow(),
                resets,
                d.maxControlFrames(),
                d.maxEmptyFrames(),
                d.maxUnreadAnswers(),
                last);
    }
}
