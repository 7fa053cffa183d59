/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.X509Svid;
import java.util.Optional;

/** Where the SVIDs of this node's workloads are read. Any thread; nothing blocks. */
@FunctionalInterface
public interface IdentityView {

    /** The current SVID of an identity; empty while there is none that is valid. */
    Optional<X509Svid> svidOf(SpiffeId id);
}
