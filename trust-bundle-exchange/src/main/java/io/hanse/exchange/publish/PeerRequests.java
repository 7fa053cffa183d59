/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.web.Body;
import java.util.Optional;

/** The seam to what peers may ask of this cluster. Called on virtual threads; everything passed in is untrusted. */
public interface PeerRequests {

    /**
     * A peer accepts an invitation.
     *
     * @param proof header {@code Hanse-Proof}
     */
    PeerReply accept(Body body, Optional<String> proof);

    /**
     * A peer says farewell.
     *
     * @param authorization header {@code Authorization}
     */
    PeerReply farewell(Optional<String> authorization);

    /** A body longer than any request has. */
    PeerReply tooLarge();

    /** Too many requests at once, or too many unproved ones from one address. */
    PeerReply tooMany();

    /**
     * What the peer is answered.
     *
     * @param status HTTP status
     * @param proved false if the caller proved nothing, so that any stranger could have asked
     * @param mediaType of the body
     */
    record PeerReply(int status, boolean proved, String mediaType, Body body) {}
}
