/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The answer to {@code GET /v1/process}. */
record ProcessStatus(
        String role,
        String instance,
        String cluster,
        String trustDomain,
        long pid,
        Instant startedAt,
        Optional<String> identity,
        boolean ready,
        boolean draining,
        List<String> unfinished,
        List<Problem> problems,
        String metrics,
        List<ProcessFacts.Address> addresses) {

    ProcessStatus {
        unfinished = List.copyOf(unfinished);
        problems = List.copyOf(problems);
        addresses = List.copyOf(addresses);
    }

    static ProcessStatus of(
            ProcessContext context,
            RunningProcess process,
            String metrics,
            Instant startedAt,
            List<ProcessFacts.Address> addresses) {
        Readiness readiness = context.readiness();
        return new ProcessStatus(
                context.role(),
                context.instance(),
                context.cluster().cluster().name(),
                context.cluster().trustDomain().name(),
                ProcessHandle.current().pid(),
                startedAt,
                process.identity().map(SpiffeId::toString),
                readiness.ready(),
                readiness.draining(),
                readiness.unfinished(),
                readiness.problems(),
                metrics,
                addresses);
    }
}
