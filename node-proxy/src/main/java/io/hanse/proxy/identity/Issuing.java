/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.identity;

import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.transport.tls.X509Svid;

/** Gets a new SVID for a workload of this node. Blocks for a round trip to spiffe-ca. */
@FunctionalInterface
public interface Issuing {

    /**
     * A new SVID for {@code workload}.
     *
     * @throws CertificateRefused if spiffe-ca says no, or is away
     */
    X509Svid issue(SpiffeId workload) throws CertificateRefused;
}
