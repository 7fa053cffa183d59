/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Something that must always be true. Looks on, changes nothing, and throws {@link Broken} when it is not. */
interface Law {

    /** As people call it. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Something has happened. */
    default void look(League league) {}

    /**
     * A certificate was judged.
     *
     * @param refused why it was refused; empty if it was taken
     */
    default void handshake(Cluster verifier, Cluster signer, X509Certificate leaf, Optional<ReasonCode> refused) {}

    /** An identity was claimed with a certificate of somebody else's authority. */
    default void forged(Cluster verifier, Cluster forger, SpiffeId claimed, boolean taken) {}

    /** A request was answered; the answer may still get lost. */
    default void answered(Cluster from, Cluster to, HttpsCall call, HttpsAnswer.Answered answer) {}

    /** An SVID was asked for while the cluster's own spiffe-ca was there. */
    default void issued(Cluster cluster, SpiffeId id, boolean issued) {}

    /** A call came to its end or was let in. */
    default void called(League league, CallResult result) {}

    /** Links are whole, nobody does anything any more, and time enough has passed. */
    default void atRest(League league) {}

    default Broken broken(String how) {
        return new Broken(name(), how);
    }
}
