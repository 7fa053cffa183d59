/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.tests.cluster.Calls;
import io.hanse.tests.cluster.ClusterProcess;
import java.util.Set;

/**
 * Calls that go on, and the processes they need.
 *
 * @param calls the calls
 * @param needs without one of these they may fail; without any other they must not
 */
record Path(Calls calls, Set<ClusterProcess> needs) {

    Path {
        needs = Set.copyOf(needs);
    }

    boolean needs(ClusterProcess process) {
        return needs.contains(process);
    }
}
