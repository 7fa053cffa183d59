/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;

/** Nobody is let in whom the owner of the service would not let in, by the owner's word of this moment or of just before. */
final class PolicyNeverWiderThanOwners implements Law {

    /** What was said and what is open: where both are as they were, and all is as it was last said, all still is. */
    private record State(long declarations, long tunnels) {}

    private static final State NEVER = new State(-1, -1);

    private State lawful = NEVER;

    @Override
    public void called(League league, CallResult result) {
        result.tunnel().ifPresent(this::look);
    }

    @Override
    public void look(League league) {
        State state = new State(league.declarations(), league.calls().changes());
        if (state.equals(lawful)) {
            return;
        }
        boolean asSaidNow = true;
        for (Tunnel tunnel : league.calls().open()) {
            look(tunnel);
            asSaidNow &= isAdmitted(tunnel.server.truth().now(), tunnel);
        }
        lawful = asSaidNow ? state : NEVER;
    }

    private static boolean isAdmitted(Truth truth, Tunnel tunnel) {
        return truth.admits(tunnel.caller, tunnel.isForeign(), tunnel.service, tunnel.endpoint.name());
    }

    private void look(Tunnel tunnel) {
        Cluster owner = tunnel.server;
        Duration behind = owner.registry().behind();
        boolean admitted = owner.truth().was(truth -> isAdmitted(truth, tunnel), behind);
        if (!admitted) {
            throw broken("%s is open, and %s has not let it in for %s".formatted(tunnel, owner, behind));
        }
    }
}
