/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.publish.PeerRequests;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.web.Body;
import java.util.Optional;

/** Answers peers: turns what {@link Inviting} and {@link Leaving} decide into HTTP answers. */
public final class PeerDesk implements PeerRequests {

    private static final int OK = 200;
    private static final String JSON = "application/json";

    private final Inviting inviting;
    private final Leaving leaving;

    public PeerDesk(Inviting inviting, Leaving leaving) {
        this.inviting = inviting;
        this.leaving = leaving;
    }

    @Override
    public PeerReply accept(Body body, Optional<String> proof) {
        return switch (inviting.redeem(body, proof)) {
            case Done<Body> done -> new PeerReply(OK, JSON, done.value());
            case Refused<Body> refused -> problem(refused);
        };
    }

    @Override
    public PeerReply farewell(Optional<String> authorization) {
        return switch (leaving.hear(authorization)) {
            case Done<?> done -> new PeerReply(OK, JSON, Body.of("{}"));
            case Refused<?> refused -> problem(refused);
        };
    }

    @Override
    public PeerReply tooMany() {
        return problem(new Refused<>(
                RefusalCode.TOO_MANY_REQUESTS, "This cluster has been asked too often.", "try again in a minute"));
    }

    private static PeerReply problem(Refused<?> refused) {
        return new PeerReply(refused.code().status(), PeerProblem.MEDIA_TYPE, PeerProblem.format(refused));
    }
}
