/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.publish.PeerRequests;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.web.Body;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers peers: turns what {@link Inviting} and {@link Leaving} decide into HTTP answers. */
public final class PeerDesk implements PeerRequests {

    /** What somebody is told who has proved nothing: any stranger can come so far. */
    private static final Set<RefusalCode> UNPROVED = EnumSet.of(
            RefusalCode.BAD_REQUEST,
            RefusalCode.TOO_LARGE,
            RefusalCode.INVITATION_UNKNOWN,
            RefusalCode.INVITATION_UNPROVED,
            RefusalCode.NOT_A_PEER,
            RefusalCode.TOKEN_REFUSED);

    private static final int OK = 200;
    private static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(PeerDesk.class);

    private final Inviting inviting;
    private final Leaving leaving;

    public PeerDesk(Inviting inviting, Leaving leaving) {
        this.inviting = inviting;
        this.leaving = leaving;
    }

    @Override
    public PeerReply accept(Body body, Optional<String> proof) {
        return orDisk(() -> switch (inviting.redeem(body, proof)) {
            case Done<Body> done -> new PeerReply(OK, true, JSON, done.value());
            case Refused<Body> refused -> problem(refused);
        });
    }

    @Override
    public PeerReply farewell(Optional<String> authorization) {
        return orDisk(() -> switch (leaving.hear(authorization)) {
            case Done<?> done -> new PeerReply(OK, true, JSON, Body.of("{}"));
            case Refused<?> refused -> problem(refused);
        });
    }

    @Override
    public PeerReply tooLarge() {
        return problem(new Refused<>(
                RefusalCode.TOO_LARGE,
                "The request is larger than any that Hanse makes.",
                "run accept with the same version of Hanse as this cluster has"));
    }

    @Override
    public PeerReply tooMany() {
        return problem(new Refused<>(
                RefusalCode.TOO_MANY_REQUESTS, "This cluster has been asked too often.", "try again in a minute"));
    }

    /** A peer is told that nothing happened and that it may ask again; which disk it is, our own log says. */
    private static PeerReply orDisk(Supplier<PeerReply> decision) {
        try {
            return decision.get();
        } catch (StateException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .addKeyValue(LogKeys.NEXT, e.next())
                    .log("what a peer asked could not be made durable: nothing was changed");
            return problem(new Refused<>(
                    RefusalCode.STATE_NOT_WRITTEN,
                    "Its disk is full or read-only; nothing was changed there.",
                    "when its operator has made room, run the same command again"));
        }
    }

    private static PeerReply problem(Refused<?> refused) {
        return new PeerReply(
                refused.code().status(),
                !UNPROVED.contains(refused.code()),
                PeerProblem.MEDIA_TYPE,
                PeerProblem.format(refused));
    }
}
