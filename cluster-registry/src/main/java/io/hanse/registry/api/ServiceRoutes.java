/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.api;

import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Published;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Services and workloads as the control API shows them. */
final class ServiceRoutes {

    private ServiceRoutes() {}

    record ServiceShown(
            String name,
            String namespace,
            String hostname,
            List<String> addresses,
            List<ServicePort> ports,
            boolean global,
            boolean exported,
            String affinity,
            List<WorkloadShown> local,
            List<ImportShown> imported,
            List<String> offeredBy) {}

    /** A peer's endpoints of one service. */
    record ImportShown(String trustDomain, String cluster, List<WorkloadShown> endpoints) {}

    record WorkloadShown(
            String uid,
            String name,
            String namespace,
            String spiffeId,
            String node,
            List<String> addresses,
            Locality locality,
            boolean healthy,
            int weight,
            List<String> services,
            List<String> policies,
            Optional<String> endpointId) {

        static WorkloadShown of(Workload workload) {
            return new WorkloadShown(
                    workload.uid(),
                    workload.name(),
                    workload.namespace(),
                    workload.spiffeId().toString(),
                    workload.node(),
                    addressesOf(workload.addresses()),
                    workload.locality(),
                    workload.healthy(),
                    workload.weight(),
                    workload.services().keySet().stream().map(Object::toString).toList(),
                    workload.policies().stream().map(Object::toString).toList(),
                    workload.remote().map(RemoteAccess::endpointId));
        }
    }

    static List<ServiceShown> services(Published now) {
        return now.image().services().values().stream()
                .map(service -> shown(service, now))
                .toList();
    }

    /** Own workloads; a peer's are shown with the services they serve. */
    static List<WorkloadShown> workloads(Published now) {
        return now.local().image().workloads().values().stream()
                .map(WorkloadShown::of)
                .toList();
    }

    private static ServiceShown shown(Service service, Published now) {
        List<WorkloadShown> local = new ArrayList<>();
        Map<TrustDomain, List<Workload>> remote = new TreeMap<>();
        for (Workload workload : now.image().endpointsOf(service.name())) {
            if (workload.remote().isEmpty()) {
                local.add(WorkloadShown.of(workload));
            } else {
                remote.computeIfAbsent(workload.trustDomain(), domain -> new ArrayList<>())
                        .add(workload);
            }
        }
        List<ImportShown> imported = remote.entrySet().stream()
                .map(peer -> new ImportShown(
                        peer.getKey().name(),
                        peer.getValue().getFirst().cluster().name(),
                        peer.getValue().stream().map(WorkloadShown::of).toList()))
                .toList();
        List<String> offeredBy = now.imported().values().stream()
                .filter(peer -> peer.offered().contains(service.name()))
                .map(peer -> peer.peer().name())
                .toList();
        return new ServiceShown(
                service.name().name(),
                service.name().namespace(),
                service.name().hostname(),
                addressesOf(service.addresses()),
                service.ports(),
                service.global(),
                service.exported(),
                service.affinity().name().toLowerCase(Locale.ROOT),
                local,
                imported,
                offeredBy);
    }

    private static List<String> addressesOf(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
