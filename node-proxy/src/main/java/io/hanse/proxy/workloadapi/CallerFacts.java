/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Attributes;
import io.grpc.Context;
import java.util.Optional;

/**
 * Who is at the other end of a Unix socket, as the kernel says (SO_PEERCRED at connect).
 *
 * @param pid of the process that connected, in this process's PID namespace; 0 if it cannot be seen
 * @param startTime when that process started, read at connect: whoever has the pid later with another start time is
 *     somebody else; empty if it was gone already
 */
record CallerFacts(int pid, int uid, int gid, Optional<String> startTime) {

    static final Attributes.Key<CallerFacts> ATTRIBUTE = Attributes.Key.create("hanse.caller-facts");

    private static final Context.Key<CallerFacts> CONTEXT = Context.key("hanse.caller-facts");

    static Context in(Context context, CallerFacts facts) {
        return context.withValue(CONTEXT, facts);
    }

    /** The caller of the running call; empty outside of one, and then nobody is anybody. */
    static Optional<CallerFacts> current() {
        return Optional.ofNullable(CONTEXT.get());
    }
}
