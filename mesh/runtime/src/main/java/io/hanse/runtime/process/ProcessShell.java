/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import java.util.List;

/** Runs one role, or several in one JVM, from arguments to exit code. Called once, by Main. */
@SuppressWarnings("DoNotCallSuggester")
public final class ProcessShell {

    private ProcessShell() {}

    /** A role and what wires it. */
    public record Role(String name, ProcessFactory factory) {}

    /**
     * Runs a role until it is told to stop. A Main is {@code System.exit(ProcessShell.run("spiffe-ca", args,
     * CaWiring::wire))}.
     *
     * @return the exit code
     */
    public static int run(String role, String[] args, ProcessFactory factory) {
        return runTogether(role, args, List.of(new Role(role, factory)));
    }

    /**
     * Runs several roles in one JVM: each with its own context, control socket and state, all on one telemetry address.
     *
     * @param name of the whole: {@code control-plane}
     * @return the exit code
     */
    public static int runTogether(String name, String[] args, List<Role> roles) {
        throw new UnsupportedOperationException(name + args.length + roles);
    }
}
