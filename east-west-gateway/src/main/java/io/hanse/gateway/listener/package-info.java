/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What happens to a connection and a request at the gateway's one port: pass-through by SNI, or HBONE from an admitted
 * peer. Runs on the event loops; nothing blocks.
 */
@NullMarked
package io.hanse.gateway.listener;

import org.jspecify.annotations.NullMarked;
