/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.bundle.TrustBundle;
import java.time.Instant;

/**
 * The last good bundle of a peer.
 *
 * @param bundle as the peer published it; empty means that the peer revoked everything
 * @param fetchedAt when this content was first seen
 */
public record PeerBundle(TrustBundle bundle, Instant fetchedAt) {}
