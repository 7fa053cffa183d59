/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.catalog.ServiceName;
import java.util.Optional;

/**
 * What became of a call.
 *
 * @param tunnel open, if it was let in
 * @param why it was not let in
 */
record CallResult(Cluster client, ServiceName service, Optional<Tunnel> tunnel, String why) {}
