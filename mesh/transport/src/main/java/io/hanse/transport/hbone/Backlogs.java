/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The backlogs of one event loop. When memory is scarce, stalled tunnels of the peer that holds most in such, counted over
 * all loops, are ended, the largest first, until it is not scarce any more; tunnels that flow go on.
 *
 * <p>On its event loop. Costs nothing while nothing waits: a look follows on {@link #LOOK_BYTES} more that wait, and
 * {@link #LOOK_EVERY} as long as something does.
 */
final class Backlogs {

    /** Looked at again after as many bytes more: what a loop may hold beyond the share that is scarce. */
    private static final int LOOK_BYTES = 1024 * 1024;

    private static final Duration LOOK_EVERY = Backlog.JUDGED_OVER;

    private final EventExecutor loop;
    private final DirectMemory memory;
    private final HeldByPeer held;
    private final Ticker ticker;
    private final List<Backlog> backlogs = new ArrayList<>();
    private int bytesSince;
    private boolean lookDue;

    /** Of {@code loop}; {@code held} is the same for all loops. */
    Backlogs(EventExecutor loop, DirectMemory memory, HeldByPeer held, Ticker ticker) {
        this.loop = loop;
        this.memory = memory;
        this.held = held;
        this.ticker = ticker;
    }

    /** {@code bytes} more wait there. May end tunnels, that one too. */
    void grew(Backlog backlog, int bytes) {
        if (backlog.keep(ticker.nanoTime())) {
            backlogs.add(backlog);
            lookLater();
        }
        bytesSince += bytes;
        if (bytesSince >= LOOK_BYTES) {
            bytesSince = 0;
            if (memory.allowance() < Long.MAX_VALUE) {
                look();
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a look
    private void lookLater() {
        if (!lookDue) {
            lookDue = true;
            loop.schedule(this::lookInTurn, LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void lookInTurn() {
        lookDue = false;
        look();
        if (!backlogs.isEmpty()) {
            lookLater();
        }
    }

    /** Forgets what waits no more, and makes room where that must be. */
    void look() {
        backlogs.removeIf(each -> {
            boolean gone = each.waiting() == 0;
            if (gone) {
                each.drop();
            }
            return gone;
        });
        List<Backlog> stalled = stalled();
        tell(stalled);
        List<Backlog> ended = makeRoom(stalled);
        while (!ended.isEmpty()) {
            stalled.removeAll(ended);
            tell(stalled);
            ended = makeRoom(stalled);
        }
    }

    private List<Backlog> stalled() {
        long now = ticker.nanoTime();
        List<Backlog> found = new ArrayList<>();
        for (Backlog each : backlogs) {
            if (each.stalls(now)) {
                found.add(each);
            }
        }
        return found;
    }

    private void tell(List<Backlog> stalled) {
        Map<Holder, Long> sums = new HashMap<>();
        stalled.forEach(each -> sums.merge(each.holder(), each.waiting(), Long::sum));
        held.tell(this, sums);
    }

    /** Ends tunnels of the greediest peer while memory is scarce; if its tunnels are on other loops, none: these look too. */
    private List<Backlog> makeRoom(List<Backlog> stalled) {
        Optional<Holder> greediest = held.greediest(memory.allowance());
        List<Backlog> ended = new ArrayList<>();
        List<Backlog> largestFirst = stalled.stream()
                .filter(each -> greediest.equals(Optional.of(each.holder())))
                .sorted(Comparator.comparingLong(Backlog::waiting).reversed())
                .toList();
        for (Backlog each : largestFirst) {
            if (memory.allowance() == Long.MAX_VALUE) {
                break;
            }
            each.giveWay();
            ended.add(each);
        }
        return ended;
    }
}
