/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.X509Svid;
import java.util.Optional;

/** The SVIDs this process may call with. Asked at each dial, on the event loop; must not block. */
@FunctionalInterface
public interface ClientSvids {

    /** The current SVID of {@code client}, or empty where none is held (IDENTITY_NOT_READY). */
    Optional<X509Svid> of(SpiffeId client);
}
