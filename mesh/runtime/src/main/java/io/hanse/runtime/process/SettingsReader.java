/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;

/**
 * Reads a role's section and notes what is wrong in it. The shell asks every role of the process before it makes
 * anything, so that one report holds every problem of the file.
 */
@FunctionalInterface
public interface SettingsReader {

    /**
     * Notes problems in {@code section}; never calls {@code finish()} on it.
     *
     * @param node the node of a node-proxy, {@code a} where none is named; no other role looks at it
     * @return what was read, which is not used
     */
    Object read(Section section, ClusterConfig cluster, String node);
}
