/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One seed: a league is founded, lives through trouble, comes to rest; its laws hold throughout. */
final class Simulation {

    /** How long operators and fate are busy: more than two hints, so that a key can be made, be seen, sign and be withdrawn. */
    private static final Duration TROUBLE = Duration.ofSeconds(280);

    /** The longest restart and a dead connection's keepalive, or a poll with its fetch. */
    private static final Duration REST = Duration.ofSeconds(62);

    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final int LOOKS = 3;

    private static final List<String> CITIES = List.of("lubeck", "bergen", "visby", "riga");

    /**
     * How a seed went.
     *
     * @param broken the law that did not hold
     */
    record Result(long seed, Transcript transcript, int events, Optional<Broken> broken) {

        /** For whoever has to find out: seed, law, and everything that happened. */
        String story() {
            return "seed %d: %s\nreplay: tests/bin/simulate --seed %d\n%s"
                    .formatted(
                            seed, broken.map(Throwable::getMessage).orElse("every law held"), seed, transcript.text());
        }
    }

    private Simulation() {}

    static Result run(long seed, Plant plant) {
        World world = new World(seed);
        try {
            live(world, plant);
            return new Result(seed, world.transcript(), world.events(), Optional.empty());
        } catch (Broken broken) {
            return new Result(seed, world.transcript(), world.events(), Optional.of(broken));
        }
    }

    private static void live(World world, Plant plant) {
        Diplomacy[] diplomacy = new Diplomacy[1];
        League league = new League(world, plant, Laws.all((one, other) -> diplomacy[0].mayBeOneSided(one, other)));
        diplomacy[0] = new Diplomacy(league);
        plant.why().ifPresent(why -> world.transcript().say("league", why));
        Optional<Liar> liar = found(league);

        // Authorities of every age: some are to rotate soon, others not.
        league.clusters()
                .forEach(cluster -> world.in(world.between(Duration.ZERO, Pace.AUTHORITY), cluster.ca()::start));
        world.run(Pace.AUTHORITY);
        league.clusters().forEach(Cluster::start);
        world.run(Duration.ofSeconds(5));

        league.begin();
        Script script = new Script(league, diplomacy[0], liar);
        script.begin();
        world.run(TROUBLE);
        script.rest();
        world.run(REST);
        diplomacy[0].repeatPending();
        world.run(REST);
        diplomacy[0].repeatPending();
        world.run(REST);
        comeToRest(league);
    }

    /** Keys rotate at any time: what is on its way at the last moment has arrived at one of the next. */
    private static void comeToRest(League league) {
        for (int again = 0; ; again++) {
            try {
                league.atRest();
                return;
            } catch (Broken broken) {
                if (again == LOOKS) {
                    throw broken;
                }
            }
            league.world().run(LOOK);
        }
    }

    /** Three cities, and in every third world a fourth that lies. */
    private static Optional<Liar> found(League league) {
        World world = league.world();
        boolean withLiar = world.chance(1.0 / 3);
        for (int i = 0; i < (withLiar ? 4 : 3); i++) {
            Duration skew = world.between(Pace.SKEW.negated(), Pace.SKEW);
            league.found(CITIES.get(i), skew, Operators.first(i + 1));
        }
        if (!withLiar) {
            return Optional.empty();
        }
        Cluster last = league.clusters().getLast();
        Liar liar = new Liar(world, Liar.others(league.clusters(), last));
        last.lie(liar);
        return Optional.of(liar);
    }

    /** Many seeds, each told when it is over. */
    static void run(long first, int count, Plant plant, Consumer<Result> told) {
        for (long seed = first; seed < first + count; seed++) {
            told.accept(run(seed, plant));
        }
    }
}
