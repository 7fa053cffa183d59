/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the shell gives a role.
 *
 * @param role {@code spiffe-ca}, {@code node-proxy} ...
 * @param instance the role, or {@code node-proxy-<node>}: names its socket, its state and its join token
 * @param node the node of a node-proxy
 * @param cluster the shared keys, checked
 * @param section the role's own section; the role reads it and calls {@code finish()}
 * @param readiness where start tasks are named and reported
 * @param control where control routes are added
 * @param metrics the registry; in a combined control plane meters carry the label {@code role}
 * @param scheduler delayed work, closed after the drain
 * @param clock wall time
 * @param ticker elapsed time
 * @param vertx shared by the process; its blocked-thread checker is on
 * @param stateDirectory 0700, made and locked for this process
 */
public record ProcessContext(
        String role,
        String instance,
        Optional<String> node,
        ClusterConfig cluster,
        Section section,
        Readiness readiness,
        ControlApi control,
        MeterRegistry metrics,
        Scheduler scheduler,
        InstantSource clock,
        Ticker ticker,
        Vertx vertx,
        Path stateDirectory) {

    /** Where the join token of this process waits: {@code <runDirectory>/join/<instance>.token}. */
    public Path joinToken() {
        return cluster.runDirectory().resolve("join").resolve(instance + ".token");
    }

    /** The usual address of a listener of this role that has no key of its own in the cluster's ports. */
    public HostPort listenerAt(int port) {
        return new HostPort(cluster.address(), port);
    }
}
