/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SpiffeTrustManager;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidSource;
import java.time.InstantSource;

/**
 * What one end needs to prove itself and to judge the other.
 *
 * @param svids what it shows; a source without an SVID shows nothing
 * @param bundles what it judges with
 * @param clock when it judges
 */
public record MeshIdentity(SvidSource svids, BundleSource bundles, InstantSource clock) {

    /** An end that judges and shows nothing: a process on its way to its first SVID. */
    public static MeshIdentity withoutSvid(BundleSource bundles, InstantSource clock) {
        return new MeshIdentity(new SvidCell(), bundles, clock);
    }

    SpiffeTrustManager trust(PeerCheck check) {
        return new SpiffeTrustManager(new SvidVerifier(clock), bundles, check);
    }
}
