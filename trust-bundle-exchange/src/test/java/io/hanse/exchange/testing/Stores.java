/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.testing;

import io.hanse.exchange.store.StateStore;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.StateMark;
import java.nio.file.Path;

/** State directories of tests, with their marks in a folder of their own. */
public final class Stores {

    private Stores() {}

    /** The store of {@code directory}; open it again to restart it. */
    public static StateStore open(Path directory, TrustDomain trustDomain) {
        return StateStore.open(directory, trustDomain, mark(directory));
    }

    /** The mark of {@code directory}. */
    public static StateMark mark(Path directory) {
        return StateMark.open(directory.resolve("marks"), "trust-bundle-exchange");
    }
}
