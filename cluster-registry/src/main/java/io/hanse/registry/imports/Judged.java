/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.wire.xds.Resource;
import java.util.List;
import java.util.Optional;

/** One resource of a peer, and what {@link ResourceCheck} makes of it. */
sealed interface Judged {

    /** As the peer told it. */
    Resource resource();

    /** A service that the peer exports. */
    record Offer(Resource resource, ServiceName service) implements Judged {}

    /** Not used, whatever else the peer says. */
    record Refused(Resource resource, Refusal why) implements Judged {}

    /**
     * An endpoint, used for those services that the peer exports too.
     *
     * @param claims what it says it serves
     * @param made ours, serving every claim that is well formed
     */
    record Endpoint(Resource resource, List<Claim> claims, Workload made) implements Judged {

        public Endpoint {
            claims = List.copyOf(claims);
        }
    }

    /**
     * A service that an endpoint says it serves.
     *
     * @param key as the peer wrote it
     * @param service its name, if that is one
     * @param ports none if one is wrong
     * @param wrong what is wrong with the ports
     */
    record Claim(String key, Optional<ServiceName> service, List<ServicePort> ports, Optional<String> wrong) {

        public Claim {
            ports = List.copyOf(ports);
        }
    }
}
