/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

/** A text that is not the YAML we take: where, and what is wrong there. */
public final class MalformedYaml extends Exception {

    private static final long serialVersionUID = 1;

    private final transient YamlNode.Mark mark;
    private final String problem;

    MalformedYaml(YamlNode.Mark mark, String problem) {
        super(mark + ": " + problem);
        this.mark = mark;
        this.problem = problem;
    }

    /** Where it is. */
    public YamlNode.Mark mark() {
        return mark;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }
}
