/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one connection asks for, taken up when its burst has been read, and only a few at a time: the other connections of
 * the loop have their turn in between. What was given up within its own burst (rapid reset, CVE-2023-44487) is never
 * taken up. Envoy bounds the same by http.max_requests_per_io_cycle. On the event loop; who adds bounds how many wait.
 */
final class Turns<T> {

    /** Taken up in one turn. */
    static final int AT_ONCE = 32;

    private final EventLoop loop;
    private final Predicate<T> wanted;
    private final Consumer<T> taker;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private boolean later;

    Turns(EventLoop loop, Predicate<T> wanted, Consumer<T> taker) {
        this.loop = loop;
        this.wanted = wanted;
        this.taker = taker;
    }

    void add(T next) {
        waiting.add(next);
    }

    void burstEnded() {
        if (!later) {
            take();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void take() {
        int taken = 0;
        while (taken < AT_ONCE && !waiting.isEmpty()) {
            T next = waiting.remove();
            if (wanted.test(next)) {
                taker.accept(next);
                taken++;
            }
        }
        later = !waiting.isEmpty();
        if (later) {
            // Scheduled, since what is only executed goes on before the loop looks at its other connections.
            loop.schedule(this::take, 0, TimeUnit.NANOSECONDS);
        }
    }
}
