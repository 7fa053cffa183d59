/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who gives way when memory is scarce. The memory here has 320 bytes: scarce beyond 160, short beyond 256, 10 are spared. */
final class BacklogsTest {

    private static final SpiffeId GREEDY = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/greedy");
    private static final SpiffeId MODEST = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/modest");
    private static final long MEMORY = 320;

    private final AtomicLong inUse = new AtomicLong();
    private final MockTicker clock = Ticker.newMockTicker();
    private final DirectMemory memory = new DirectMemory(inUse::get, inUse::get, MEMORY, clock);
    private final HeldByPeer held = new HeldByPeer();
    private final Backlogs backlogs = onALoop();
    private final List<String> ended = new ArrayList<>();

    private Backlogs onALoop() {
        return new Backlogs(new EmbeddedChannel().eventLoop(), memory, held, clock);
    }

    private final class Tunnel extends Backlog {
        private final String name;
        private long waiting;
        private long passed;

        Tunnel(String name, SpiffeId peer, int bytes, Backlogs where) {
            super(peer);
            this.name = name;
            take(bytes, where);
        }

        void take(int bytes, Backlogs where) {
            waiting += bytes;
            inUse.addAndGet(bytes);
            where.grew(this, bytes);
        }

        @Override
        long waiting() {
            return waiting;
        }

        @Override
        long passed() {
            return passed;
        }

        @Override
        void giveWay() {
            ended.add(name);
            inUse.addAndGet(-waiting);
            waiting = 0;
        }
    }

    private Tunnel tunnel(String name, SpiffeId peer, int bytes) {
        return new Tunnel(name, peer, bytes, backlogs);
    }

    private void look() {
        clock.advanceMillis(Backlog.JUDGED_OVER.toMillis());
        backlogs.look();
    }

    @Test
    void endsTheLargestStalledTunnelsOfTheGreediestPeerUntilMemoryIsNotScarce() {
        tunnel("small", GREEDY, 30);
        tunnel("large", GREEDY, 50);
        tunnel("middle", GREEDY, 40);
        tunnel("another peer's", MODEST, 45);
        look();
        assertThat(ended).containsExactly("large");
        tunnel("one more", GREEDY, 70);
        look();
        assertThat(ended).containsExactly("large", "one more");
    }

    @Test
    void endsNothingWhileThereIsEnough() {
        tunnel("a", GREEDY, 160);
        look();
        assertThat(ended).isEmpty();
    }

    @Test
    void aTunnelThatFlowsGoesOnThoughItHoldsMost() {
        Tunnel flowing = tunnel("flowing", GREEDY, 150);
        tunnel("stalled", MODEST, 20);
        // As much as it holds, within the patience.
        flowing.passed += 150 * Backlog.JUDGED_OVER.toMillis() / Backlog.PATIENCE.toMillis() + 1;
        look();
        assertThat(ended).containsExactly("stalled");
        look();
        assertThat(ended).as("stalled since").containsExactly("stalled");
        flowing.take(50, backlogs);
        look();
        assertThat(ended).containsExactly("stalled", "flowing");
    }

    @Test
    void aPeerThatHoldsLittleIsSparedUntilMemoryIsShort() {
        tunnel("little", MODEST, 10);
        inUse.addAndGet(200);
        look();
        assertThat(ended).isEmpty();
        inUse.addAndGet(50);
        look();
        assertThat(ended).containsExactly("little");
    }

    @Test
    void whatAPeerHoldsIsCountedOverAllLoopsAndEndedOnEach() {
        Backlogs other = onALoop();
        tunnel("modest", MODEST, 60);
        tunnel("greedy here", GREEDY, 50);
        Tunnel there = new Tunnel("greedy there", GREEDY, 60, other);
        clock.advanceMillis(Backlog.JUDGED_OVER.toMillis());
        inUse.addAndGet(-there.waiting); // not scarce for a moment: both loops only tell
        other.look();
        inUse.addAndGet(there.waiting);
        backlogs.look();
        assertThat(ended).containsExactly("greedy here");
        inUse.addAndGet(60);
        backlogs.look();
        assertThat(ended).as("the greediest is on the other loop").containsExactly("greedy here");
        other.look();
        assertThat(ended).containsExactly("greedy here", "greedy there");
    }

    @Test
    void moreBytesAreLookedAtWithoutWaitingForTheClock() {
        int lot = 1024 * 1024;
        Tunnel first = tunnel("first", GREEDY, 1);
        clock.advanceMillis(Backlog.JUDGED_OVER.toMillis());
        first.take(lot, backlogs);
        assertThat(ended).containsExactly("first");
    }

    @Test
    void whatWaitsNoMoreIsForgotten() {
        Tunnel drained = tunnel("drained", GREEDY, 100);
        drained.waiting = 0;
        look();
        inUse.addAndGet(200);
        look();
        assertThat(ended).isEmpty();
        assertThat(held.greediest(0)).isEmpty();
        drained.take(20, backlogs);
        look();
        assertThat(ended).containsExactly("drained");
    }
}
