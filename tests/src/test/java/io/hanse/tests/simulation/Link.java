/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The way between two clusters, both directions. */
final class Link {

    /** How a cut shows itself. */
    enum Cut {
        /** Connections are reset and refused. */
        RESET,
        /** Packets vanish; connections are found dead by their keepalive. */
        SILENT
    }

    private final World world;
    private final String name;
    private final List<RegistryLink> streams = new ArrayList<>();
    private boolean cut;
    private Cut kind = Cut.RESET;
    private double loss;
    private Instant troubled = World.START;
    private long cuts;

    Link(World world, Cluster one, Cluster other) {
        this.world = world;
        this.name = one.name() + "-" + other.name();
    }

    boolean isCut() {
        return cut;
    }

    boolean wasEverCut() {
        return cuts > 0;
    }

    boolean isSilent() {
        return cut && kind == Cut.SILENT;
    }

    /** The share of requests that get lost, repeated, torn or late. */
    double loss() {
        return loss;
    }

    Duration latency() {
        return world.between(Duration.ofMillis(5), Pace.LATENCY);
    }

    void cut(Cut how) {
        if (cut) {
            return;
        }
        world.transcript().say("league", "link %s is cut (%s)".formatted(name, how));
        cut = true;
        kind = how;
        trouble();
        long number = ++cuts;
        Duration until = how == Cut.RESET ? latency() : Pace.KEEPALIVE;
        world.in(until, () -> {
            if (cut && cuts == number) {
                List.copyOf(streams).forEach(stream -> stream.breakOff("connection lost"));
            }
        });
    }

    void heal() {
        if (!cut) {
            return;
        }
        world.transcript().say("league", "link %s is healed".formatted(name));
        trouble();
        cut = false;
        List.copyOf(streams).forEach(RegistryLink::flush);
    }

    void loss(double share) {
        if (share != loss) {
            world.transcript().say("league", "link %s loses %d in 100".formatted(name, Math.round(share * 100)));
        }
        loss = share;
        trouble();
    }

    void trouble() {
        troubled = world.now();
    }

    /** When it was last anything but perfect. */
    Instant troubled() {
        return cut || loss > 0 ? world.now() : troubled;
    }

    void opened(RegistryLink stream) {
        streams.add(stream);
    }

    void closed(RegistryLink stream) {
        streams.remove(stream);
    }

    List<RegistryLink> streams() {
        return List.copyOf(streams);
    }

    @Override
    public String toString() {
        return name;
    }
}
