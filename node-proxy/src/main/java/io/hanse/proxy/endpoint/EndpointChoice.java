/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.endpoint;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.Locality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Orders the endpoints of a service for one call: the first is the one to dial, the next ones are tried if it does not
 * answer.
 *
 * <p>Endpoints their owner calls healthy and that are not resting come first; among them those that the service's affinity
 * prefers; among those the nearest by locality; alike ones in random order by weight. If every endpoint rests, all are
 * tried: a call that may succeed beats one that cannot. Any thread.
 */
public final class EndpointChoice {

    /** How many endpoints one call tries: enough for a dead one on either side, few enough to fail fast. */
    public static final int MAX_ATTEMPTS = 4;

    private final EndpointHealth health;
    private final RandomGenerator random;

    /** A choice by what {@code health} has learnt. */
    public EndpointChoice(EndpointHealth health, RandomGenerator random) {
        this.health = health;
        this.random = random;
    }

    /**
     * The endpoints to try, in order; empty if the owner calls none healthy.
     *
     * @param endpoints of the service, local and remote
     * @param from where the caller runs
     */
    public List<Workload> inOrder(Service service, List<Workload> endpoints, Locality from) {
        return ordered(service, endpoints, from, health::mayGoFirst);
    }

    /** What {@link #inOrder} would say, without taking the one trial of an endpoint whose rest is over. */
    public List<Workload> preview(Service service, List<Workload> endpoints, Locality from) {
        return ordered(service, endpoints, from, uid -> !health.rests(uid));
    }

    private List<Workload> ordered(
            Service service, List<Workload> endpoints, Locality from, Predicate<String> mayGoFirst) {
        List<Candidate> candidates = new ArrayList<>(endpoints.size());
        for (Workload endpoint : endpoints) {
            if (endpoint.healthy()) {
                candidates.add(new Candidate(
                        endpoint,
                        affinityRank(service.affinity(), endpoint.remote().isPresent()),
                        -from.nearnessTo(endpoint.locality()),
                        weightedDraw(endpoint.weight())));
            }
        }
        candidates.sort(Candidate.ORDER);
        List<Workload> awake = new ArrayList<>(MAX_ATTEMPTS);
        List<Workload> resting = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (awake.size() == MAX_ATTEMPTS) {
                break;
            }
            String uid = candidate.workload.uid();
            // Only the one to dial first is offered a trial: offering it is taking it.
            boolean isAwake = awake.isEmpty() ? mayGoFirst.test(uid) : !health.rests(uid);
            (isAwake ? awake : resting).add(candidate.workload);
        }
        resting.stream().limit(Math.max(0, MAX_ATTEMPTS - awake.size())).forEach(awake::add);
        return awake;
    }

    private static int affinityRank(Affinity affinity, boolean remote) {
        return switch (affinity) {
            case NONE -> 0;
            case LOCAL -> remote ? 1 : 0;
            case REMOTE -> remote ? 0 : 1;
        };
    }

    /** Smaller comes first, in proportion to weight (an exponential race). */
    private double weightedDraw(int weight) {
        return -Math.log(1 - random.nextDouble()) / weight;
    }

    private record Candidate(Workload workload, int affinity, int distance, double draw) {
        static final Comparator<Candidate> ORDER = Comparator.comparingInt(Candidate::affinity)
                .thenComparingInt(Candidate::distance)
                .thenComparingDouble(Candidate::draw);
    }
}
