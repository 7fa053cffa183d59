/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

/** Answers one request of the control API on a virtual thread of its own; may block, within the time limit. */
@FunctionalInterface
public interface Handler {

    /**
     * The answer to the request.
     *
     * @throws Refusal to answer with a problem from deep inside
     */
    Reply handle(Request request);
}
