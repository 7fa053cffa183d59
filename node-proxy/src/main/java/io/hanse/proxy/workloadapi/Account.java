/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

/** What one user or one process has open, and how fast it asks: a bucket of calls that fills with time. Not thread-safe. */
final class Account {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private double tokens;
    private long filledAt;
    private int connections;
    private int calls;

    Account(int perSecond, long now) {
        this.perSecond = perSecond;
        this.tokens = burst();
        this.filledAt = now;
    }

    int connections() {
        return connections;
    }

    int calls() {
        return calls;
    }

    void connected(int change) {
        connections += change;
    }

    void called(int change) {
        calls += change;
    }

    /** Whether there is a call left at {@code now}. */
    boolean mayCall(long now) {
        tokens = Math.min(burst(), tokens + (now - filledAt) / NANOS_PER_SECOND * perSecond);
        filledAt = now;
        return tokens >= 1;
    }

    /** Takes the call that {@link #mayCall} found. */
    void take() {
        tokens--;
    }

    /** Whether forgetting it could not hurt a limit on what is open. */
    boolean idle() {
        return connections == 0 && calls == 0;
    }

    private double burst() {
        return 2 * perSecond;
    }
}
