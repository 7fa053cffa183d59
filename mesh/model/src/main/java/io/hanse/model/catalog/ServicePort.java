/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

/**
 * A port of a service.
 *
 * @param name empty if the service has one port only
 * @param port what callers dial
 * @param targetPort what the workload listens on
 */
public record ServicePort(String name, int port, int targetPort) {

    public ServicePort {
        if (port < 1 || port > 65535 || targetPort < 1 || targetPort > 65535) {
            throw new IllegalArgumentException("port: %d to %d (expected: 1 to 65535)".formatted(port, targetPort));
        }
    }
}
