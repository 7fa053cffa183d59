/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.Workload;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a cluster says that has turned against its peers: old documents, and endpoints that are not its own. */
final class Liar {

    private final World world;
    private final List<Cluster> victims;
    private Optional<TrustBundle> oldest = Optional.empty();
    private boolean rollsBack;

    Liar(World world, List<Cluster> victims) {
        this.world = world;
        this.victims = List.copyOf(victims);
    }

    void rollBack(boolean next) {
        rollsBack = next;
    }

    boolean rollsBack() {
        return rollsBack;
    }

    TrustBundle document(TrustBundle own) {
        if (oldest.isEmpty()) {
            oldest = Optional.of(own);
        }
        return rollsBack ? oldest.get() : own;
    }

    /** Beside the truth: the same endpoints as somebody else's, as the system's, and of names that make another identity. */
    DeltaDiscoveryResponse tells(DeltaDiscoveryResponse truth) {
        DeltaDiscoveryResponse.Builder lie = truth.toBuilder();
        for (Resource resource : truth.getResourcesList()) {
            workload(resource).ifPresent(workload -> {
                Cluster victim = world.pick(victims);
                lie.addResources(as(
                        workload.toBuilder().setTrustDomain(victim.trustDomain().name()), "thief"));
                lie.addResources(as(workload.toBuilder().setNamespace("hanse-system"), "system"));
                lie.addResources(as(workload.toBuilder().setServiceAccount("a/../../ns/shop/sa/frontend"), "path"));
                lie.addResources(as(
                        workload.toBuilder()
                                .clearServices()
                                .putServices(
                                        "shop/secret.shop.svc.cluster.local",
                                        workload.getServicesMap()
                                                .values()
                                                .iterator()
                                                .next()),
                        "unexported"));
            });
        }
        return lie.build();
    }

    private static Optional<Workload> workload(Resource resource) {
        try {
            Address address = Address.parseFrom(resource.getResource().getValue());
            return address.hasWorkload() && address.getWorkload().getServicesCount() > 0
                    ? Optional.of(address.getWorkload())
                    : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private static Resource as(Workload.Builder workload, String kind) {
        String uid = workload.getUid() + "-" + kind;
        Any packed =
                Any.pack(Address.newBuilder().setWorkload(workload.setUid(uid)).build());
        return Resource.newBuilder()
                .setName(uid)
                .setVersion("1")
                .setResource(packed)
                .build();
    }

    static List<Cluster> others(List<Cluster> all, Cluster self) {
        List<Cluster> others = new ArrayList<>(all);
        others.remove(self);
        return others;
    }
}
