/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.cluster.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What operators, networks, disks and thieves do, as chance has it; and, at the end, that they all come to rest. */
final class Script {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(7);
    private static final int MOST_TUNNELS = 12;

    private final League league;
    private final World world;
    private final Operators operators;
    private final Diplomacy diplomacy;
    private final Optional<Liar> liar;
    private boolean over;

    Script(League league, Diplomacy diplomacy, Optional<Liar> liar) {
        this.league = league;
        this.world = league.world();
        this.operators = new Operators(league);
        this.diplomacy = diplomacy;
        this.liar = liar;
    }

    void begin() {
        for (Cluster one : league.clusters()) {
            for (Cluster other : league.clusters()) {
                if (one.name().compareTo(other.name()) < 0 && world.chance(0.8)) {
                    boolean turned = world.chance(0.5);
                    world.in(
                            world.between(Duration.ofSeconds(2), Duration.ofSeconds(30)),
                            () -> diplomacy.invite(turned ? other : one, turned ? one : other));
                }
            }
        }
        next();
    }

    private void next() {
        world.in(world.between(SHORTEST_PAUSE, LONGEST_PAUSE), () -> {
            if (!over) {
                act();
                next();
            }
        });
    }

    private void act() {
        Cluster one = world.pick(league.clusters());
        Cluster other = world.pick(Liar.others(league.clusters(), one));
        int dice = world.random().nextInt(100);
        if (dice < 34) {
            league.calls().call(one, operators.service());
            if (league.calls().open().size() > MOST_TUNNELS) {
                league.close(league.calls().open().getFirst());
            }
        } else if (dice < 37) {
            league.calls().open().stream().findFirst().ifPresent(league::close);
        } else if (dice < 55) {
            fate(one, other);
        } else if (dice < 64) {
            operators.authority(one);
        } else if (dice < 72) {
            diplomacy.invite(one, other);
        } else if (dice < 75) {
            diplomacy.acceptAny(one);
        } else if (dice < 79) {
            diplomacy.disconnect(one);
        } else if (dice < 84) {
            operators.annotate(one);
        } else if (dice < 89) {
            operators.policy(one);
        } else if (dice < 95) {
            operators.endpoint(one);
        } else {
            misuse(one, other);
        }
    }

    private void fate(Cluster one, Cluster other) {
        Link link = league.link(one, other);
        Machine machine = world.pick(one.machines());
        switch (world.random().nextInt(10)) {
            case 0, 1, 2 -> {
                if (link.isCut()) {
                    link.heal();
                } else {
                    link.cut(world.pick(List.of(Link.Cut.values())));
                }
            }
            case 3 -> link.loss(link.loss() > 0 ? 0 : 0.1 + 0.3 * world.random().nextDouble());
            case 4 -> machine.crash("", false);
            case 5 -> machine.crash("", true);
            case 6, 7 -> machine.doom(world.random().nextInt(8), true);
            case 8 -> machine.doom(world.random().nextInt(8), false);
            default -> {
                HostPort gateway = world.pick(one.gateways());
                league.gateway(gateway, league.behind(gateway).isEmpty());
            }
        }
        one.trouble();
        other.trouble();
    }

    private void misuse(Cluster forger, Cluster victim) {
        Cluster verifier = world.pick(Liar.others(league.clusters(), forger));
        switch (world.random().nextInt(4)) {
            case 0 -> diplomacy.forgeSvid(forger, victim, verifier);
            case 1 -> diplomacy.forgeFarewell(forger, victim, verifier);
            case 2 -> diplomacy.claim(forger, victim);
            default -> liar.ifPresent(one -> one.rollBack(!one.rollsBack()));
        }
    }

    /** Nobody does anything more, and what was cut is whole. */
    void rest() {
        over = true;
        liar.ifPresent(one -> one.rollBack(false));
        for (Cluster cluster : league.clusters()) {
            cluster.gateways().forEach(gateway -> league.gateway(gateway, true));
            cluster.machines().forEach(Machine::spare);
            league.linksOf(cluster).forEach(link -> {
                link.heal();
                link.loss(0);
            });
        }
        world.transcript().say("league", "comes to rest");
    }
}
