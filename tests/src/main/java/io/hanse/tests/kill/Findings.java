/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.model.reason.InWords;
import java.util.ArrayList;
import java.util.List;

/** What did not hold, each with where it was seen; the run goes on. Any thread. */
final class Findings {

    private final List<String> all = new ArrayList<>();
    private String where = "";

    /** From now on findings are about this. */
    synchronized void at(String place) {
        where = place;
    }

    /** Notes it unless it holds. */
    synchronized void require(boolean holds, String otherwise) {
        if (!holds) {
            all.add(where + ": " + otherwise);
            System.err.println("FOUND " + all.getLast());
        }
    }

    /** Notes what an assertion says, if it fails. */
    void holds(Runnable assertion) {
        try {
            assertion.run();
        } catch (AssertionError e) {
            require(false, InWords.of(e));
        }
    }

    /** Everything so far. */
    synchronized List<String> all() {
        return List.copyOf(all);
    }
}
