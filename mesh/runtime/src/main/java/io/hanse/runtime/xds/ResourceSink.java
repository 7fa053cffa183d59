/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.hanse.wire.xds.Resource;
import java.util.List;
import java.util.Map;

/** Takes the resources of one type from a {@link DeltaStream}, one message at a time. */
public interface ResourceSink {

    /** The type URL to subscribe to, all names of it. */
    String typeUrl();

    /** Name and version of every resource held now: what a new stream need not send again. */
    Map<String, String> versions();

    /**
     * Applies one message: what can be read is applied, the rest is named.
     *
     * @param resources new or changed
     * @param removed names that are gone; a name never held is harmless
     * @return what was refused, for the NACK; empty for an ACK
     */
    List<Rejection> apply(List<Resource> resources, List<String> removed);

    /** One refused resource: its name and one clause saying why. */
    record Rejection(String name, String reason) {}
}
