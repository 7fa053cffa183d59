/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Connection;
import io.hanse.model.policy.Decision;
import io.hanse.model.policy.PolicySet;
import io.hanse.model.reason.ReasonCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges calls to the workloads of one node by one catalog image. A new image is a new judge; any thread.
 *
 * <p>Order: the address must be a workload's of this node; the authority must name something it serves; a caller of
 * another trust domain reaches exported services only (design invariant 5, held here too and not by the gateway alone);
 * no call leads to a door of this proxy itself; then the authorization policies.
 */
public final class Judge {

    private final CatalogImage image;
    private final TrustDomain own;
    private final int hbonePort;
    private final Map<String, Workload> localByUid = new HashMap<>();
    private final Map<InetAddress, Workload> localByAddress = new HashMap<>();
    private final Set<InetAddress> shared = new HashSet<>();
    private final Set<InetSocketAddress> doors = new HashSet<>();
    private final Set<Integer> doorsEverywhere = new HashSet<>();
    private final Map<String, PolicySet> policies = new ConcurrentHashMap<>();

    /**
     * A judge for one node. Pure, and public for that: a simulation asks the same judge as the listeners.
     *
     * @param hbonePort where this proxy takes HBONE, which is nobody's own port
     */
    public Judge(CatalogImage image, TrustDomain own, String node, int hbonePort) {
        this.image = image;
        this.own = own;
        this.hbonePort = hbonePort;
        for (Workload workload : image.onNode(node)) {
            localByUid.put(workload.uid(), workload);
            for (InetAddress address : workload.addresses()) {
                if (localByAddress.putIfAbsent(address, workload) != null) {
                    shared.add(address);
                }
            }
            workload.duties().ifPresent(this::addDoors);
        }
    }

    private void addDoors(NodeDuties duties) {
        duties.outbound().forEach(outbound -> addDoor(outbound.listen()));
        duties.inbound().forEach(inbound -> addDoor(inbound.listen()));
    }

    private void addDoor(HostPort listen) {
        try {
            InetAddress address = InetAddress.ofLiteral(listen.host());
            doors.add(new InetSocketAddress(address, listen.port()));
            if (address.isAnyLocalAddress()) {
                doorsEverywhere.add(listen.port());
            }
        } catch (IllegalArgumentException e) {
            // Not an address: nothing listens there, and the listeners say so.
        }
    }

    /** A call over HBONE by a verified caller. */
    public Verdict judge(SpiffeId caller, String authority, InetAddress source, InetAddress acceptedAt) {
        Optional<Workload> workload = workloadAt(acceptedAt);
        if (workload.isEmpty()) {
            return refuse(Status.UNAVAILABLE, ReasonCode.WRONG_DESTINATION, Optional.empty());
        }
        return switch (Destination.of(authority, workload.get(), acceptedAt, image, hbonePort)) {
            case Destination.None none -> refuse(none.status(), none.reason(), workload);
            case Destination.Port port -> {
                if (isForeign(caller) && !port.service().map(Service::exported).orElse(false)) {
                    yield refuse(Status.UNAUTHORIZED, ReasonCode.NOT_EXPORTED, workload);
                }
                // Of two workloads at one address nobody can say whose port it is, so nobody can say whose policies
                // hold.
                if (port.service().isEmpty() && shared.contains(acceptedAt)) {
                    yield refuse(Status.BAD_REQUEST, ReasonCode.WRONG_DESTINATION, workload);
                }
                yield byPolicy(
                        workload.get(),
                        port.service(),
                        new InetSocketAddress(acceptedAt, port.port()),
                        Optional.of(caller),
                        source);
            }
        };
    }

    /** A call in plain text: nobody has proved who it is from. */
    Verdict judgePlain(String uid, int port, InetAddress source) {
        // As this image has it: the listener may still know the workload as it was before.
        Workload workload = localByUid.get(uid);
        return workload == null || workload.addresses().isEmpty()
                ? refuse(Status.UNAVAILABLE, ReasonCode.WRONG_DESTINATION, Optional.ofNullable(workload))
                : byPolicy(
                        workload,
                        Optional.empty(),
                        new InetSocketAddress(workload.addresses().getFirst(), port),
                        Optional.empty(),
                        source);
    }

    /** The workload of this node at an address; the first by uid if several share it. */
    Optional<Workload> workloadAt(InetAddress address) {
        return Optional.ofNullable(localByAddress.get(address));
    }

    private Verdict byPolicy(
            Workload workload,
            Optional<Service> service,
            InetSocketAddress target,
            Optional<SpiffeId> caller,
            InetAddress source) {
        if (isDoor(target)) {
            return refuse(Status.UNAVAILABLE, ReasonCode.WRONG_DESTINATION, Optional.of(workload));
        }
        PolicySet set = policies.computeIfAbsent(workload.uid(), uid -> image.policySetOf(workload, own));
        return switch (set.decide(new Connection(caller, source, target.getAddress(), target.getPort()))) {
            case Decision.Allowed allowed -> new Verdict.Allow(workload, service, target);
            case Decision.Denied denied ->
                new Verdict.Refuse(Status.UNAUTHORIZED, denied.reason(), denied.policy(), Optional.of(workload));
        };
    }

    /**
     * Whether this proxy itself listens there. A call let through to an outbound listener would go on in the workload's
     * own name, and one to an inbound listener would come back without the caller's.
     */
    private boolean isDoor(InetSocketAddress target) {
        return target.getPort() == hbonePort || doors.contains(target) || doorsEverywhere.contains(target.getPort());
    }

    private boolean isForeign(SpiffeId caller) {
        return !caller.trustDomain().equals(own);
    }

    private static Verdict refuse(int status, ReasonCode reason, Optional<Workload> workload) {
        return new Verdict.Refuse(status, reason, Optional.empty(), workload);
    }
}
