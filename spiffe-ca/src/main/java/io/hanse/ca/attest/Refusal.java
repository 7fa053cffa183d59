/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.reason.ReasonCode;

/**
 * Why something is not signed.
 *
 * @param detail one clause with the facts, for the caller's log; no secret
 */
public record Refusal(Code code, String detail) {

    /** Names of {@link ReasonCode}, each with what the caller can make of it. */
    public enum Code {
        /** Neither an SVID nor a join token came with the call. */
        NO_CREDENTIAL(Kind.UNAUTHENTICATED),
        /** The caller's SVID expired, or its authority was revoked, while its connection was open. */
        SVID_NO_LONGER_VALID(Kind.UNAUTHENTICATED),
        JOIN_TOKEN_UNKNOWN(Kind.UNAUTHENTICATED),
        JOIN_TOKEN_USED(Kind.UNAUTHENTICATED),
        JOIN_TOKEN_EXPIRED(Kind.UNAUTHENTICATED),
        /** The caller proved an identity of another trust domain. */
        FOREIGN_TRUST_DOMAIN(Kind.FORBIDDEN),
        /** A node asks for what is not registered on it. */
        NOT_REGISTERED_HERE(Kind.FORBIDDEN),
        /** Something that is not a node asks for another identity than its own. */
        NOT_A_NODE(Kind.FORBIDDEN),
        /** An identity of Hanse's own processes is asked for by impersonation. */
        RESERVED_IDENTITY(Kind.FORBIDDEN),
        /** A workload asks for no SVID by itself; its node does it as long as the workload is registered. */
        WORKLOAD_RENEWAL(Kind.FORBIDDEN),
        NODE_BANNED(Kind.FORBIDDEN),
        IDENTITY_MALFORMED(Kind.INVALID),
        CSR_TOO_LARGE(Kind.INVALID),
        CSR_MALFORMED(Kind.INVALID),
        CSR_ALGORITHM(Kind.INVALID),
        CSR_SIGNATURE(Kind.INVALID),
        CSR_KEY_WEAK(Kind.INVALID),
        AUDIENCE_MALFORMED(Kind.INVALID),
        HEADER_MISSING(Kind.INVALID),
        /** The registry was not heard yet; nobody can say what is registered. */
        REGISTRY_UNHEARD(Kind.NOT_NOW),
        DRAINING(Kind.NOT_NOW),
        RATE_LIMIT(Kind.TOO_MUCH),
        CONCURRENCY_LIMIT(Kind.TOO_MUCH),
        STREAM_LIMIT(Kind.TOO_MUCH);

        private final Kind kind;
        private final ReasonCode reason;

        Code(Kind kind) {
            this.kind = kind;
            this.reason = ReasonCode.valueOf(name());
        }

        /** What the caller can make of it. */
        public Kind kind() {
            return kind;
        }

        /** What the metric, the log and the answer say. */
        public ReasonCode reason() {
            return reason;
        }
    }

    /** What the caller can make of a refusal. */
    public enum Kind {
        /** Come with another credential. */
        UNAUTHENTICATED,
        /** You may not; asking again changes nothing until an operator acts. */
        FORBIDDEN,
        /** The request itself is wrong. */
        INVALID,
        /** The same request may succeed later. */
        NOT_NOW,
        /** Ask less. */
        TOO_MUCH
    }
}
