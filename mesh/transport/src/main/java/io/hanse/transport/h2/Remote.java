/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.identity.SpiffeId;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Whom a connection is with.
 *
 * @param peer empty until it has proved who it is
 */
public record Remote(SocketAddress address, Optional<SpiffeId> peer) {}
