/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whom a forger pretends to be at a door, with what a genuine holder has: a root and an intermediate below it. The
 * neighbour is another trust domain that the door trusts too.
 */
record Target(TestAuthority root, TestAuthority issuing, TestAuthority neighbour, SpiffeId id) {

    static final String NEIGHBOUR = "bergen.example";

    static Target of(TestAuthority root, SpiffeId id) {
        return new Target(root, root.intermediate(), TestAuthority.of(NEIGHBOUR), id);
    }

    /** What the door trusts. */
    BundleMap bundles() {
        return TestAuthority.bundles(root, neighbour);
    }

    /** What the door trusts, with other roots in place of this trust domain's. */
    BundleMap bundlesOf(X509Certificate... roots) {
        return bundles().with(TrustBundle.ofX509(root.trustDomain(), List.of(roots)));
    }

    Shown genuine() {
        return leaf(spec -> {});
    }

    /** A leaf with one change. */
    Shown leaf(Consumer<CertificateSpec> change) {
        return Shown.of(issuing.svid(id, change), bundles());
    }

    /** A leaf below an intermediate with one change. */
    Shown below(Consumer<CertificateSpec> change) {
        return Shown.of(root.intermediate(change).svid(id), bundles());
    }

    /** A leaf below a root with one change. */
    Shown belowRoot(Consumer<CertificateSpec> change) {
        TestAuthority changed = TestAuthority.root(root.trustDomain(), java.time.InstantSource.system(), change);
        return Shown.of(changed.svid(id), bundlesOf(changed.certificate()));
    }

    TestSvid svid() {
        return issuing.svid(id);
    }
}
