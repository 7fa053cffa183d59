/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.LiveTrust;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SpiffeTrustManager;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidSource;
import java.time.InstantSource;

/**
 * What one end needs to prove itself and to judge the other, at each handshake and on every change of the bundles. Make
 * one for each bundle source of a process, not one for each connection: it listens to its bundles for good.
 */
public final class MeshIdentity {

    private final SvidSource svids;
    private final BundleSource bundles;
    private final InstantSource clock;
    private final LiveTrust<LiveTransport> liveTrust;

    /**
     * Joins the parts.
     *
     * @param svids what it shows; a source without an SVID shows nothing
     * @param bundles what it judges with
     * @param clock when it judges
     */
    public MeshIdentity(SvidSource svids, BundleSource bundles, InstantSource clock) {
        this.svids = svids;
        this.bundles = bundles;
        this.clock = clock;
        this.liveTrust = new LiveTrust<>(clock, bundles, LiveTransport::end);
    }

    /** An end that judges and shows nothing: a process on its way to its first SVID. */
    public static MeshIdentity withoutSvid(BundleSource bundles, InstantSource clock) {
        return new MeshIdentity(new SvidCell(), bundles, clock);
    }

    /** What it shows. */
    SvidSource svids() {
        return svids;
    }

    /** What it judges with. */
    public BundleSource bundles() {
        return bundles;
    }

    /** When it judges. */
    public InstantSource clock() {
        return clock;
    }

    SpiffeTrustManager trust(PeerCheck check) {
        return new SpiffeTrustManager(new SvidVerifier(clock), bundles, check);
    }

    /** Ends the connections of peers that no longer verify. */
    LiveTrust<LiveTransport> liveTrust() {
        return liveTrust;
    }
}
