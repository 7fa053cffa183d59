/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

/** Which endpoints of a global service come first ({@code hanse.io/affinity}). */
public enum Affinity {
    /** All alike. */
    NONE,
    /** Remote ones only when no local one is left. */
    LOCAL,
    /** Local ones only when no remote one is left. */
    REMOTE
}
