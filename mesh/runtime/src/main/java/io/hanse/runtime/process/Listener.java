/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;

/**
 * An address a process listens on.
 *
 * @param wire what it is for, in a word or two: {@code xds}, {@code bundle endpoint}
 * @param address with the port really bound
 */
public record Listener(String wire, HostPort address) {}
