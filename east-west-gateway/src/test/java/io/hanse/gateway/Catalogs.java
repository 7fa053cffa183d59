/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.EndpointId;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Services and workloads of the cluster bergen. */
public final class Catalogs {

    public static final TrustDomain BERGEN = new TrustDomain("bergen.example");
    public static final ServiceName API = new ServiceName("shop", "api");

    private Catalogs() {}

    public static Service service(ServiceName name, boolean exported) {
        return new Service(name, List.of(), List.of(new ServicePort("", 80, 8080)), true, exported, Affinity.NONE);
    }

    public static Workload local(String uid, String address) {
        return workload(uid, address, true, 1, Optional.empty());
    }

    public static Workload unhealthy(String uid, String address) {
        return workload(uid, address, false, 1, Optional.empty());
    }

    public static Workload weighing(String uid, String address, int weight) {
        return workload(uid, address, true, weight, Optional.empty());
    }

    public static Workload imported(String uid, String address) {
        return workload(
                uid,
                address,
                true,
                1,
                Optional.of(new RemoteAccess("0123456789abcdef", List.of(new HostPort("127.0.0.1", 15008)))));
    }

    public static String authority(Workload endpoint, ServiceName service, int port) {
        return EndpointId.ofWorkload(endpoint.uid()) + "." + service.hostname() + ":" + port;
    }

    private static Workload workload(
            String uid, String address, boolean healthy, int weight, Optional<RemoteAccess> remote) {
        SortedMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        services.put(API, List.of());
        return new Workload(
                uid,
                "api",
                "shop",
                "backend",
                BERGEN,
                new ClusterName("bergen"),
                "bergen",
                "n1",
                address.isEmpty() ? List.of() : List.of(InetAddress.ofLiteral(address)),
                Locality.UNKNOWN,
                healthy,
                weight,
                services,
                List.of(),
                remote,
                Optional.empty());
    }
}
