/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Connection;
import io.hanse.model.policy.Decision;
import io.hanse.model.policy.PolicySet;
import io.hanse.model.reason.ReasonCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges calls to the workloads of one node by one catalog image. A new image is a new judge; any thread.
 *
 * <p>Order: the address must be a workload's of this node; the authority must name something it serves; a caller of
 * another trust domain reaches exported services only (design invariant 5, held here too and not by the gateway alone);
 * then the authorization policies.
 */
final class Judge {

    private final CatalogImage image;
    private final TrustDomain own;
    private final String node;
    private final int hbonePort;
    private final Map<String, PolicySet> policies = new ConcurrentHashMap<>();

    Judge(CatalogImage image, TrustDomain own, String node, int hbonePort) {
        this.image = image;
        this.own = own;
        this.node = node;
        this.hbonePort = hbonePort;
    }

    /** A call over HBONE by a verified caller. */
    Verdict judge(SpiffeId caller, String authority, InetAddress source, InetAddress acceptedAt) {
        Optional<Workload> workload = workloadAt(acceptedAt);
        if (workload.isEmpty()) {
            return new Verdict.Refuse(
                    Status.UNAVAILABLE, ReasonCode.WRONG_DESTINATION, Optional.empty(), Optional.empty());
        }
        return switch (Destination.of(authority, workload.get(), image, hbonePort)) {
            case Destination.None none -> new Verdict.Refuse(none.status(), none.reason(), Optional.empty(), workload);
            case Destination.Port port ->
                isForeign(caller) && !port.service().map(Service::exported).orElse(false)
                        ? new Verdict.Refuse(Status.UNAUTHORIZED, ReasonCode.NOT_EXPORTED, Optional.empty(), workload)
                        : byPolicy(workload.get(), port.service(), port.port(), Optional.of(caller), source);
        };
    }

    /** A call in plain text: nobody has proved who it is from. */
    Verdict judgePlain(Workload workload, int port, InetAddress source) {
        return byPolicy(workload, Optional.empty(), port, Optional.empty(), source);
    }

    /** The workload of this node at an address. */
    Optional<Workload> workloadAt(InetAddress address) {
        return image.byAddress(address).filter(workload -> workload.node().equals(node));
    }

    private Verdict byPolicy(
            Workload workload, Optional<Service> service, int port, Optional<SpiffeId> caller, InetAddress source) {
        InetAddress address = workload.addresses().getFirst();
        PolicySet set = policies.computeIfAbsent(workload.uid(), uid -> image.policySetOf(workload, own));
        return switch (set.decide(new Connection(caller, source, address, port))) {
            case Decision.Allowed allowed -> new Verdict.Allow(workload, service, new InetSocketAddress(address, port));
            case Decision.Denied denied ->
                new Verdict.Refuse(Status.UNAUTHORIZED, denied.reason(), denied.policy(), Optional.of(workload));
        };
    }

    private boolean isForeign(SpiffeId caller) {
        return !caller.trustDomain().equals(own);
    }
}
