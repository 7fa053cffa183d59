/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

/** What came of an attempt to move an authority. */
public sealed interface Move {

    /**
     * It moved.
     *
     * @param keyId which authority
     */
    record Moved(Roster next, String keyId) implements Move {}

    /**
     * It did not, and nothing changed.
     *
     * @param code constant, for programs: {@code not-ready}, {@code still-in-use}, ...
     * @param detail one clause with the facts, for people
     * @param next what the operator does next
     */
    record Refused(String code, String detail, String next) implements Move {}
}
