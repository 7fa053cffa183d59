/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.telemetry;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.Counters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/** The L4 series of Istio, with its names and labels where it has any, and the reason code beside them. Any thread. */
public final class ProxyCounters {

    /** Label sets: callers times services times reasons on one node; more are counted under {@code other}. */
    private static final int MAX_LABEL_SETS = 5_000;

    private static final String UNKNOWN = "unknown";

    private static final List<String> LABELS = List.of(
            "reporter",
            "source_principal",
            "destination_principal",
            "destination_service",
            "destination_cluster",
            "connection_security_policy",
            "reason_code");

    /** Which end speaks. */
    public enum Reporter {
        SOURCE("source"),
        DESTINATION("destination");

        private final String label;

        Reporter(String label) {
            this.label = label;
        }
    }

    private final Counters closed;
    private final Counters failed;
    private final Counters sent;
    private final Counters received;

    /** Counters in {@code metrics}. */
    public ProxyCounters(MeterRegistry metrics) {
        this.closed = family(metrics, "istio.tcp.connections.closed", "Calls that ended");
        this.failed = family(metrics, "istio.tcp.connections.failed", "Calls that were refused or reached nobody");
        this.sent = family(metrics, "istio.tcp.sent.bytes", "Bytes of the caller");
        this.received = family(metrics, "istio.tcp.received.bytes", "Bytes of the called");
    }

    private static Counters family(MeterRegistry metrics, String name, String description) {
        return new Counters(metrics, name, description, LABELS, MAX_LABEL_SETS);
    }

    /** A call ran and ended. */
    void ended(
            Reporter reporter,
            SpiffeId caller,
            Workload called,
            Optional<ServiceName> service,
            ReasonCode reason,
            long bytesOfCaller,
            long bytesOfCalled) {
        List<String> labels = labels(reporter, caller.toString(), Optional.of(called), service, "mutual_tls", reason);
        closed.cell(labels).increment();
        sent.cell(labels).add(bytesOfCaller);
        received.cell(labels).add(bytesOfCalled);
    }

    /** A call was refused or reached nobody. */
    void refused(
            Reporter reporter,
            SpiffeId caller,
            Optional<Workload> called,
            Optional<ServiceName> service,
            ReasonCode reason) {
        failed.cell(labels(reporter, caller.toString(), called, service, "mutual_tls", reason))
                .increment();
    }

    /** A plain-text call ended or was refused. */
    void plain(Workload called, ReasonCode reason) {
        List<String> labels =
                labels(Reporter.DESTINATION, UNKNOWN, Optional.of(called), Optional.empty(), "none", reason);
        (reason == ReasonCode.OK ? closed : failed).cell(labels).increment();
    }

    private static List<String> labels(
            Reporter reporter,
            String caller,
            Optional<Workload> called,
            Optional<ServiceName> service,
            String security,
            ReasonCode reason) {
        return List.of(
                reporter.label,
                caller,
                called.map(w -> w.spiffeId().toString()).orElse(UNKNOWN),
                service.map(ServiceName::hostname).orElse(UNKNOWN),
                called.map(w -> w.cluster().name()).orElse(UNKNOWN),
                security,
                reason.name());
    }
}
