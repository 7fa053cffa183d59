/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.testing;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidSource;
import io.hanse.transport.tls.X509Svid;
import java.time.InstantSource;

/** One end of a mutual TLS connection, from a test authority's SVID. */
public final class TestIdentity {

    private TestIdentity() {}

    /** By the machine's clock, with bundles that stay. */
    public static MeshIdentity of(TestSvid svid, BundleMap bundles) {
        return of(svid, BundleSource.fixed(bundles), InstantSource.system());
    }

    /** With bundles that may change. */
    public static MeshIdentity of(TestSvid svid, BundleSource bundles, InstantSource clock) {
        return new MeshIdentity(SvidSource.fixed(x509(svid)), bundles, clock);
    }

    /** The SVID as a process holds it. */
    public static X509Svid x509(TestSvid svid) {
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new IllegalArgumentException("svid: not a good one", e);
        }
    }
}
