/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What a CONNECT's authority names at a workload. */
sealed interface Destination {

    /**
     * A port of the workload.
     *
     * @param service empty if the workload itself was addressed
     * @param port the workload's own port
     */
    record Port(Optional<Service> service, int port) implements Destination {}

    /** Nothing that may be reached here. */
    record None(int status, ReasonCode reason) implements Destination {}

    /**
     * Reads an authority: a service's host name that the workload serves, or the address that the connection came in at.
     *
     * @param workload whose address took the connection
     * @param acceptedAt that address
     */
    static Destination of(
            String authority, Workload workload, InetAddress acceptedAt, CatalogImage image, int hbonePort) {
        HostPort asked;
        try {
            asked = HostPort.parse(authority);
        } catch (IllegalArgumentException e) {
            return new None(Status.BAD_REQUEST, ReasonCode.BAD_REQUEST);
        }
        if (asked.port() == 0) {
            return new None(Status.BAD_REQUEST, ReasonCode.BAD_REQUEST);
        }
        Optional<InetAddress> literal = literal(asked.host());
        Destination found = literal.isPresent()
                ? ofAddress(literal.get(), asked.port(), acceptedAt)
                : ofService(asked, workload, image);
        // A call to the proxy itself would go round in circles under the workload's own name.
        return found instanceof Port port && port.port() == hbonePort
                ? new None(Status.UNAVAILABLE, ReasonCode.WRONG_DESTINATION)
                : found;
    }

    private static Destination ofAddress(InetAddress address, int port, InetAddress acceptedAt) {
        return address.equals(acceptedAt)
                ? new Port(Optional.empty(), port)
                : new None(Status.BAD_REQUEST, ReasonCode.WRONG_DESTINATION);
    }

    private static Destination ofService(HostPort asked, Workload workload, CatalogImage image) {
        ServiceName name;
        try {
            name = ServiceName.ofHostname(asked.host());
        } catch (IllegalArgumentException e) {
            return new None(Status.BAD_REQUEST, ReasonCode.WRONG_DESTINATION);
        }
        Optional<Service> service = image.service(name);
        List<ServicePort> own = workload.services().get(name);
        if (service.isEmpty() || own == null) {
            return new None(Status.UNAVAILABLE, ReasonCode.UNKNOWN_SERVICE);
        }
        for (ServicePort each : own) {
            if (each.port() == asked.port()) {
                return new Port(service, each.targetPort());
            }
        }
        return service.get()
                .port(asked.port())
                .<Destination>map(port -> new Port(service, port.targetPort()))
                .orElseGet(() -> new None(Status.UNAVAILABLE, ReasonCode.UNKNOWN_SERVICE));
    }

    private static Optional<InetAddress> literal(String host) {
        // Parsing tells by two exceptions that a name is no address, and nearly every authority is a name.
        if (!mayBeLiteral(host)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** An IPv6 address has a colon, an IPv4 address ends with a digit; a host name of a service does neither. */
    private static boolean mayBeLiteral(String host) {
        return host.indexOf(':') >= 0 || !host.isEmpty() && Character.digit(host.charAt(host.length() - 1), 16) >= 0;
    }
}
