/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.LiveTrust;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.TlsPeer;
import java.time.InstantSource;

/**
 * TLS for HBONE, and the watch over those who passed it: on each change of the bundles every live peer is verified again,
 * and who no longer verifies is cut off with TRUST_WITHDRAWN. One per process, shared by server and pool. Any thread.
 */
public final class HboneTls implements AutoCloseable {

    private final SpiffeTls tls;
    private final LiveTrust<LiveConnection> trust;

    /**
     * Starts watching {@code bundles}.
     *
     * @param tls makes the handshakes, with the same bundles; stays the caller's to close
     */
    public HboneTls(SpiffeTls tls, BundleSource bundles, InstantSource clock) {
        this.tls = tls;
        this.trust =
                new LiveTrust<>(clock, bundles, (connection, refused) -> connection.close(ReasonCode.TRUST_WITHDRAWN));
    }

    SpiffeTls tls() {
        return tls;
    }

    void admit(LiveConnection connection, TlsPeer peer) {
        trust.admit(connection, peer);
    }

    void forget(LiveConnection connection) {
        trust.forget(connection);
    }

    /** Stops watching; connections stay. */
    @Override
    public void close() {
        trust.close();
    }
}
