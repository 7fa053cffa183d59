/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.hanse.model.identity.SpiffeId;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How one stream stands.
 *
 * @param client its verified identity
 * @param node what it calls itself; not verified
 * @param types by type, what it holds and how it answered
 */
public record StreamStatus(
        SpiffeId client,
        Subscriber subscriber,
        String node,
        Instant since,
        Instant lastSent,
        Instant lastHeard,
        Map<ResourceType, Counts> types,
        Optional<Nack> lastNack) {

    public StreamStatus {
        EnumMap<ResourceType, Counts> copy = new EnumMap<>(ResourceType.class);
        copy.putAll(types);
        types = Collections.unmodifiableMap(copy);
    }

    /** Resources held, responses sent, accepted, refused. */
    public record Counts(int held, long sent, long accepted, long refused) {}

    /** A response the client refused, in its words. */
    public record Nack(ResourceType type, String nonce, String message, Instant at) {}
}
