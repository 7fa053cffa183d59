/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.model.reason.ReasonCode;

/** Why a relationship was not made or ended: names of {@link ReasonCode}, each with its HTTP status. Wire form {@code code}. */
public enum RefusalCode {
    INVITATION_USED(409, "The invitation was used before"),
    INVITATION_EXPIRED(410, "The invitation has expired"),
    INVITATION_VERSION(400, "The invitation is of another version"),
    INVITATION_MALFORMED(400, "The invitation does not say what an invitation says"),
    INVITATION_ALTERED(400, "The invitation is not as it was made"),
    INVITATION_INCOMPLETE(400, "A part of the invitation is missing"),
    INVITATION_UNPROVED(403, "The secret of the invitation was not proved"),
    INVITATION_SELF(409, "The invitation was made by this cluster itself"),
    INVITATION_UNKNOWN(404, "The invitation is not known"),
    INVITATION_FOR_ANOTHER(403, "The invitation was made for another cluster"),
    ALREADY_CONNECTED(409, "The clusters are connected already"),
    BUNDLE_MISMATCH(409, "The other cluster's bundle is not the one invited with"),
    ENDPOINT_UNREACHABLE(502, "The other cluster cannot be reached"),
    ENDPOINT_NOT_VERIFIED(502, "The other side is not who it must be"),
    ANSWER_LOST(504, "The other cluster's answer did not arrive"),
    TRUST_DOMAIN_CLAIMED(409, "The trust domain belongs to somebody else"),
    CLUSTER_NAME_CLAIMED(409, "The cluster name belongs to somebody else"),
    CLOCK(409, "The clocks of the clusters differ"),
    TOO_MANY_INVITATIONS(429, "Too many invitations are open"),
    TOO_MANY_RELATIONSHIPS(429, "There are too many relationships"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    STATE_NOT_WRITTEN(503, "This cluster cannot write its state"),
    NOT_READY(503, "This cluster has no bundle yet"),
    TOO_LARGE(413, "What was sent is larger than it may be"),
    BAD_REQUEST(400, "The request is malformed"),
    UNKNOWN_RELATIONSHIP(404, "There is no such relationship"),
    NOT_A_PEER(403, "The caller has no relationship with this cluster"),
    TOKEN_REFUSED(403, "The caller's token proves nothing"),
    REFUSED_BY_PEER(502, "The other cluster refused");

    private final int status;
    private final String title;
    private final ReasonCode reason;

    RefusalCode(int status, String title) {
        this.status = status;
        this.title = title;
        this.reason = ReasonCode.valueOf(name());
    }

    /** The same word in the one list of reasons. */
    public ReasonCode reason() {
        return reason;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** What is wrong, the same for each occurrence. */
    public String title() {
        return title;
    }
}
