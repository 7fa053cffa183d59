/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Something that can be called.
 *
 * @param name namespace and name
 * @param addresses virtual addresses, may be empty
 * @param ports at least one
 * @param global {@code hanse.io/global}: peers' endpoints of the same name are used too
 * @param exported peers may call it through the gateway
 * @param affinity which endpoints come first
 */
public record Service(
        ServiceName name,
        List<InetAddress> addresses,
        List<ServicePort> ports,
        boolean global,
        boolean exported,
        Affinity affinity) {

    public Service {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        if (exported && !global) {
            throw new IllegalArgumentException("service %s: exported but not global".formatted(name));
        }
    }

    /** The port that callers dial as {@code port}. */
    public Optional<ServicePort> port(int port) {
        for (ServicePort each : ports) {
            if (each.port() == port) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
