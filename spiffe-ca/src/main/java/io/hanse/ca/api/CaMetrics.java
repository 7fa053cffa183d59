/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.attest.Refusal;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.SignedEntry;
import io.hanse.runtime.grpc.HandshakeCounters;
import io.hanse.runtime.grpc.RefusedHandshakes;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What scrapers see of the certificate authority. Label values are closed sets.
 *
 * <ul>
 *   <li>{@code hanse_ca_issued_total{kind}}: signed and journalled since the start
 *   <li>{@code hanse_ca_refused_total{reason_code}}: calls refused
 *   <li>{@code hanse_grpc_handshakes_refused_total{listener, reason_code}}: callers whose certificate proved nothing
 *   <li>{@code hanse_ca_signing_seconds}: from admitted to journalled
 *   <li>{@code hanse_ca_authority_expiry_seconds{kind}}: Unix time when the active authority expires
 *   <li>{@code hanse_ca_svids_valid}: signed and not expired
 * </ul>
 */
public final class CaMetrics {

    private final Map<SignedEntry.Kind, Counter> issued = new EnumMap<>(SignedEntry.Kind.class);
    private final Map<Refusal.Code, Counter> refused = new EnumMap<>(Refusal.Code.class);
    private final Timer signing;
    private final MeterRegistry registry;

    public CaMetrics(MeterRegistry registry, Authorities authorities, IssuanceJournal journal) {
        this.registry = registry;
        for (SignedEntry.Kind kind : SignedEntry.Kind.values()) {
            issued.put(
                    kind,
                    Counter.builder("hanse.ca.issued")
                            .description("SVIDs signed")
                            .tag("kind", kind == SignedEntry.Kind.X509_SVID ? "x509" : "jwt")
                            .register(registry));
        }
        for (Refusal.Code code : Refusal.Code.values()) {
            refused.put(
                    code,
                    Counter.builder("hanse.ca.refused")
                            .description("calls refused")
                            .tag("reason_code", code.reason().name())
                            .register(registry));
        }
        signing = Timer.builder("hanse.ca.signing")
                .description("time to sign and record an SVID")
                .register(registry);
        for (AuthorityKind kind : AuthorityKind.values()) {
            Gauge.builder("hanse.ca.authority.expiry.seconds", authorities, all -> expiry(all, kind))
                    .description("Unix time when the active authority expires")
                    .tag("kind", kind.text())
                    .register(registry);
        }
        Gauge.builder("hanse.ca.svids.valid", journal, IssuanceJournal::valid)
                .description("SVIDs signed and not expired")
                .register(registry);
    }

    <T> T timed(SignedEntry.Kind kind, Supplier<T> work) {
        T result = signing.record(work);
        count(issued, kind);
        return result;
    }

    RefusedHandshakes handshakes(Ticker ticker) {
        return new HandshakeCounters(registry, ticker, "spiffe-ca");
    }

    void refused(Refusal.Code code) {
        count(refused, code);
    }

    private static <K> void count(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment();
        }
    }

    private static double expiry(Authorities authorities, AuthorityKind kind) {
        return authorities
                .image()
                .of(kind)
                .active()
                .map(active -> (double) active.material().lifetime().notAfter().getEpochSecond())
                .orElse(0.0);
    }
}
