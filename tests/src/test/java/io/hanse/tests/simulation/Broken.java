/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

/** A law did not hold. */
final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String law;

    Broken(String law, String how) {
        super(law + ": " + how);
        this.law = law;
    }

    Broken(String law, String how, Throwable cause) {
        super(law + ": " + how, cause);
        this.law = law;
    }

    String law() {
        return law;
    }
}
