/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Whether peers can really be reached: a CONNECT through the path a call would take, every few seconds, answered by the
 * far gateway and, where something is imported from the peer, by a far proxy.
 *
 * <p>Runs on scheduler threads; the tunnels run on the event loops.
 */
@NullMarked
package io.hanse.proxy.probe;

import org.jspecify.annotations.NullMarked;
