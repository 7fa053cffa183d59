/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import io.hanse.transport.tls.BundleCell;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;

/**
 * A listener of the product, to which a forger comes as a client. What it thinks of the forger is in its metric of
 * refused connections.
 *
 * @param meter the metric, with a label {@code reason_code}
 * @param certificateOptional whether a client without a certificate is let in, to be judged by other means
 * @param stop ends the listener
 */
record ServerDoor(
        String name,
        Target target,
        InetSocketAddress address,
        BundleCell bundles,
        MeterRegistry metrics,
        String meter,
        boolean expectsExactly,
        boolean certificateOptional,
        AutoCloseable stop)
        implements Door<Mutation> {

    @Override
    public boolean reaches(Forgery<Mutation> forgery) {
        return switch (forgery.expected()) {
            case IDENTITY_UNEXPECTED -> expectsExactly;
            case NO_CLIENT_CERTIFICATE -> !certificateOptional;
            default -> true;
        };
    }

    @Override
    public ReasonCode show(Mutation artefact) throws Exception {
        Shown shown = artefact.apply(target);
        bundles.publish(shown.bundles());
        Map<ReasonCode, Double> before = refusals();
        if (Impostor.isTakenBy(address, shown)) {
            return ReasonCode.OK;
        }
        return Until.found(
                "a refusal is counted at " + name,
                () -> refusals().entrySet().stream()
                        .filter(now -> now.getValue() > before.getOrDefault(now.getKey(), 0.0))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private Map<ReasonCode, Double> refusals() {
        Map<ReasonCode, Double> counts = new EnumMap<>(ReasonCode.class);
        for (FunctionCounter counter : metrics.find(meter).functionCounters()) {
            String reason = String.valueOf(counter.getId().getTag("reason_code"));
            counts.merge(ReasonCode.valueOf(reason), counter.count(), Double::sum);
        }
        return counts;
    }

    @Override
    public void end() throws Exception {
        stop.close();
    }
}
