/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import io.hanse.transport.tls.BundleCell;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A client of the product, which the forger serves. What it thinks of the forger is what its caller is told.
 *
 * @param jdkTls whether its TLS is the JDK's
 * @param dial makes one attempt and says why it failed; it fails also behind a genuine server, which serves nothing
 */
record ClientDoor(String name, Target target, BundleCell bundles, boolean jdkTls, Dial dial, AutoCloseable stop)
        implements Door<Mutation> {

    /** One attempt. */
    @FunctionalInterface
    interface Dial {
        ReasonCode reasonOf(InetSocketAddress address) throws Exception;
    }

    /**
     * A server without a certificate has no handshake. The JDK reads a certificate and leaves what follows it, so that
     * nobody behind it sees those bytes.
     */
    @Override
    public boolean reaches(Forgery<Mutation> forgery) {
        return forgery.expected() != ReasonCode.NO_CLIENT_CERTIFICATE
                && !(jdkTls && forgery.name().equals(CertificateForgeries.BYTES_AFTER));
    }

    @Override
    public ReasonCode show(Mutation artefact) throws Exception {
        Shown shown = artefact.apply(target);
        bundles.publish(shown.bundles());
        AtomicReference<ReasonCode> reason = new AtomicReference<>(ReasonCode.INTERNAL_ERROR);
        boolean taken = Impostor.isTakenByClient(shown, address -> {
            try {
                reason.set(dial.reasonOf(address));
            } catch (Exception e) {
                throw new AssertionError(name, e);
            }
        });
        // Whether the identity is the one wanted is asked after the handshake, in some clients.
        return taken && reason.get() != ReasonCode.IDENTITY_UNEXPECTED ? ReasonCode.OK : reason.get();
    }

    /** The code at the beginning of {@code CODE: detail}. */
    static ReasonCode codeOf(String text) {
        int end = text.indexOf(':');
        try {
            return ReasonCode.valueOf(end < 0 ? text : text.substring(0, end));
        } catch (IllegalArgumentException e) {
            throw new AssertionError("no reason code: " + text, e);
        }
    }

    @Override
    public void end() throws Exception {
        stop.close();
    }
}
