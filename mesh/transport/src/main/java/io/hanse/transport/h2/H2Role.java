/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/** Which end of a connection this process is. */
public enum H2Role {
    CLIENT,
    SERVER
}
