/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** What a matching policy does to a connection. */
public enum Action {
    /** Lets it through, unless a {@link #DENY} matches too. */
    ALLOW,
    /** Refuses it, whatever else matches. */
    DENY
}
