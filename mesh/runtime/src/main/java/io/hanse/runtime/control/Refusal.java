/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

/** A problem thrown from inside a handler; the answer is the problem it carries. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Reply.Problem problem;

    /** Answers with the problem. */
    public Refusal(Reply.Problem problem) {
        super(problem.code());
        this.problem = problem;
    }

    /** What is answered. */
    public Reply.Problem problem() {
        return problem;
    }
}
