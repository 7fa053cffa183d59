/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.endpoint;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What calls have learnt about endpoints and gateways: one that failed is left alone for a while, then one call tries it
 * again.
 *
 * <p>Any thread. Bounded by the catalog: {@link #forgetAllBut} drops what has left it.
 */
public final class EndpointHealth {

    /** How long an endpoint rests after its first failure: short, for a restarting process is back within a second. */
    static final Duration FIRST_REST = Duration.ofSeconds(1);

    /** How long it rests at most: what an operator accepts to wait for traffic to come home. */
    static final Duration LONGEST_REST = Duration.ofSeconds(15);

    /** Kinds kept apart: a peer chooses the uids of its endpoints, and none may stand for another peer's gateway. */
    private sealed interface Place {
        record Endpoint(String uid) implements Place {}

        record Gateway(HostPort address) implements Place {}
    }

    private record Rest(int failures, long untilNanos) {}

    private final Ticker ticker;
    private final Map<Place, Rest> resting = new ConcurrentHashMap<>();

    /** Everything is well. */
    public EndpointHealth(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A call reached the endpoint. */
    public void succeeded(String uid) {
        succeeded(new Place.Endpoint(uid));
    }

    /** A call passed the gateway. */
    public void succeeded(HostPort gateway) {
        succeeded(new Place.Gateway(gateway));
    }

    /** A call could not be opened to the endpoint. */
    public void failed(String uid) {
        failed(new Place.Endpoint(uid));
    }

    /** A call did not get as far as into the gateway. */
    public void failed(HostPort gateway) {
        failed(new Place.Gateway(gateway));
    }

    /** Whether calls should go elsewhere first. */
    boolean rests(String uid) {
        return resting.containsKey(new Place.Endpoint(uid));
    }

    /** Whether calls should take another gateway first. */
    public boolean rests(HostPort gateway) {
        return resting.containsKey(new Place.Gateway(gateway));
    }

    /**
     * Whether the caller may dial the endpoint first. When a rest is over exactly one caller is told so, and thereby tries
     * it for everybody; the others go elsewhere until it has succeeded.
     */
    public boolean mayGoFirst(String uid) {
        return mayGoFirst(new Place.Endpoint(uid));
    }

    /** The same for a gateway. */
    public boolean mayGoFirst(HostPort gateway) {
        return mayGoFirst(new Place.Gateway(gateway));
    }

    /** Drops what is known of every endpoint and gateway but these. */
    public void forgetAllBut(Set<String> uids, Set<HostPort> gateways) {
        resting.keySet().removeIf(place -> switch (place) {
            case Place.Endpoint endpoint -> !uids.contains(endpoint.uid());
            case Place.Gateway gateway -> !gateways.contains(gateway.address());
        });
    }

    private void succeeded(Place place) {
        if (!resting.isEmpty()) {
            resting.remove(place);
        }
    }

    private void failed(Place place) {
        resting.compute(place, (key, before) -> {
            int failures = before == null ? 1 : Math.min(before.failures() + 1, Integer.SIZE);
            return new Rest(failures, ticker.nanos() + restAfter(failures));
        });
    }

    private boolean mayGoFirst(Place place) {
        Rest rest = resting.get(place);
        if (rest == null) {
            return true;
        }
        if (ticker.nanos() - rest.untilNanos() < 0) {
            return false;
        }
        return resting.replace(place, rest, new Rest(rest.failures(), ticker.nanos() + restAfter(1)));
    }

    private static long restAfter(int failures) {
        long rest = FIRST_REST.toNanos();
        for (int i = 1; i < failures && rest < LONGEST_REST.toNanos(); i++) {
            rest *= 2;
        }
        return Math.min(rest, LONGEST_REST.toNanos());
    }
}
