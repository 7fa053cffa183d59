/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.util.List;
import java.util.stream.Stream;

/** Every attack. */
final class Corpus {

    private Corpus() {}

    /** Those that are over at once. */
    static List<Attack> quick() {
        return Stream.of(Requests.all(), BrokenFrames.all(), Floods.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Those that end with a time limit. */
    static List<Attack> slow() {
        return Stream.of(SlowOnes.silent(), SlowOnes.deaf())
                .flatMap(List::stream)
                .toList();
    }
}
