/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.export;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The peers' view of a cluster. */
public final class ExportView {

    private ExportView() {}

    /** What is exported of own objects; every peer with a live relationship sees the same. */
    public static CatalogImage of(CatalogImage local) {
        List<Service> services = new ArrayList<>();
        for (Service service : local.services().values()) {
            if (service.exported()) {
                services.add(new Service(service.name(), List.of(), service.ports(), true, true, service.affinity()));
            }
        }
        List<Workload> workloads = new ArrayList<>();
        for (Workload workload : local.workloads().values()) {
            SortedMap<ServiceName, List<ServicePort>> served = exportedOf(workload, local);
            if (workload.remote().isEmpty() && !served.isEmpty()) {
                workloads.add(stripped(workload, served));
            }
        }
        return CatalogImage.of(services, workloads, List.of());
    }

    /** The names of what is exported. */
    public static NavigableSet<ServiceName> names(CatalogImage local) {
        NavigableSet<ServiceName> names = new TreeSet<>();
        local.services().values().stream()
                .filter(Service::exported)
                .map(Service::name)
                .forEach(names::add);
        return names;
    }

    private static SortedMap<ServiceName, List<ServicePort>> exportedOf(Workload workload, CatalogImage local) {
        SortedMap<ServiceName, List<ServicePort>> exported = new TreeMap<>();
        workload.services().forEach((name, ports) -> {
            if (local.service(name).filter(Service::exported).isPresent()) {
                exported.put(name, ports);
            }
        });
        return exported;
    }

    private static Workload stripped(Workload workload, SortedMap<ServiceName, List<ServicePort>> services) {
        ClusterName cluster = workload.cluster();
        return new Workload(
                workload.uid(),
                workload.name(),
                workload.namespace(),
                workload.serviceAccount(),
                workload.trustDomain(),
                cluster,
                "",
                "",
                List.of(),
                workload.locality(),
                workload.healthy(),
                workload.weight(),
                services,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
