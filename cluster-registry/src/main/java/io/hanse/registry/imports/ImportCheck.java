/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.catalog.EndpointId;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Imported;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.Service;
import io.hanse.wire.workload.Workload;
import io.hanse.wire.workload.WorkloadStatus;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes ours what a peer told: identities of its own trust domain only, endpoints of services it exports only, nothing
 * about our network, our addresses or our services. What breaks a rule is left out and reported; the rest is used
 * (design invariant 5).
 */
final class ImportCheck {

    /** As much as a manifest may say; more would drown out all others. */
    private static final int MAX_WEIGHT = 1000;

    private static final int MAX_LOCALITY_CHARACTERS = 128;

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,253}");

    private final Relationship peer;
    private final NavigableSet<ServiceName> offered = new TreeSet<>();
    private final List<io.hanse.model.catalog.Workload> workloads = new ArrayList<>();
    private final Refusals refusals = new Refusals();

    private ImportCheck(Relationship peer) {
        this.peer = peer;
    }

    /** What is used, and what is not. */
    record Outcome(Imported imported, Refusals refusals) {}

    static Outcome check(Relationship peer, Collection<Resource> told) {
        ImportCheck check = new ImportCheck(peer);
        Map<String, Workload> endpoints = new TreeMap<>();
        for (Resource resource : told) {
            check.sort(resource, endpoints);
        }
        endpoints.values().forEach(check::workload);
        return new Outcome(new Imported(peer.trustDomain(), check.offered, check.workloads), check.refusals);
    }

    private void sort(Resource resource, Map<String, Workload> endpoints) {
        String name = resource.getName();
        Address address;
        try {
            if (!resource.getResource().getTypeUrl().equals(XdsTypes.ADDRESS)) {
                refuse(
                        name,
                        ReasonCode.IMPORT_TYPE,
                        "type %s".formatted(resource.getResource().getTypeUrl()));
                return;
            }
            address = Address.parseFrom(resource.getResource().getValue());
        } catch (InvalidProtocolBufferException e) {
            refuse(name, ReasonCode.IMPORT_MALFORMED, "not an Address: %s".formatted(e.getMessage()));
            return;
        }
        switch (address.getTypeCase()) {
            case SERVICE -> service(name, address.getService());
            case WORKLOAD -> {
                if (address.getWorkload().getUid().equals(name)) {
                    endpoints.put(name, address.getWorkload());
                } else {
                    refuse(
                            name,
                            ReasonCode.IMPORT_MALFORMED,
                            "its uid is %s".formatted(address.getWorkload().getUid()));
                }
            }
            case TYPE_NOT_SET -> refuse(name, ReasonCode.IMPORT_MALFORMED, "neither a service nor a workload");
        }
    }

    private void service(String name, Service service) {
        Optional<ServiceName> named = serviceName(service.getNamespace() + "/" + service.getHostname());
        if (named.isEmpty() || !name.equals(service.getNamespace() + "/" + service.getHostname())) {
            refuse(
                    name,
                    ReasonCode.IMPORT_MALFORMED,
                    "its host name %s does not go with its name".formatted(service.getHostname()));
        } else {
            offered.add(named.get());
        }
    }

    private void workload(Workload told) {
        String uid = told.getUid();
        if (!told.getTrustDomain().equals(peer.trustDomain().name())) {
            refuse(
                    uid,
                    ReasonCode.IMPORT_TRUST_DOMAIN,
                    "claims the trust domain %s, only %s is this peer's to speak for"
                            .formatted(told.getTrustDomain(), peer.trustDomain()));
            return;
        }
        if (told.getNamespace().equals(SystemIdentity.NAMESPACE)) {
            refuse(uid, ReasonCode.IMPORT_RESERVED_IDENTITY, "claims an identity of Hanse's own processes");
            return;
        }
        // Either with a slash in it would make the SPIFFE ID of somebody else.
        if (!SEGMENT.matcher(told.getNamespace()).matches()
                || !SEGMENT.matcher(told.getServiceAccount()).matches()) {
            refuse(
                    uid,
                    ReasonCode.IMPORT_IDENTITY_MALFORMED,
                    "its namespace or service account is not one segment of a SPIFFE ID (SPIFFE-ID 2.2)");
            return;
        }
        if (told.getAddressesCount() > 0 || told.hasNetworkGateway() || told.hasWaypoint()) {
            refuse(uid, ReasonCode.IMPORT_ADDRESS, "claims addresses; it is reached through its own gateways only");
            return;
        }
        if (told.getAuthorizationPoliciesCount() > 0 || told.getExtensionsCount() > 0) {
            refuse(uid, ReasonCode.IMPORT_POLICY, "comes with policies or duties, which are not the peer's to give");
            return;
        }
        // As an unsigned number: more than an int holds is read as less than none.
        if (Integer.compareUnsigned(weight(told), MAX_WEIGHT) > 0) {
            refuse(uid, ReasonCode.IMPORT_WEIGHT, "weighs more than %d".formatted(MAX_WEIGHT));
            return;
        }
        NavigableMap<ServiceName, List<ServicePort>> services = services(told);
        if (services.isEmpty()) {
            return;
        }
        try {
            io.hanse.model.catalog.Workload made = new io.hanse.model.catalog.Workload(
                    peer.trustDomain() + "/" + uid,
                    told.getName(),
                    told.getNamespace(),
                    told.getServiceAccount(),
                    peer.trustDomain(),
                    peer.cluster(),
                    peer.trustDomain().name(),
                    "",
                    List.of(),
                    locality(told),
                    told.getStatus() == WorkloadStatus.HEALTHY,
                    Math.max(1, weight(told)),
                    services,
                    List.of(),
                    Optional.of(new RemoteAccess(EndpointId.ofWorkload(uid).text(), peer.gateways())),
                    Optional.empty());
            // Throws if namespace or service account do not make a SPIFFE ID.
            made.spiffeId();
            workloads.add(made);
        } catch (IllegalArgumentException e) {
            refuse(uid, ReasonCode.IMPORT_IDENTITY_MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private NavigableMap<ServiceName, List<ServicePort>> services(Workload told) {
        NavigableMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        for (Map.Entry<String, PortList> entry : told.getServicesMap().entrySet()) {
            Optional<ServiceName> name = serviceName(entry.getKey()).filter(offered::contains);
            if (name.isEmpty()) {
                refuse(
                        told.getUid(),
                        ReasonCode.IMPORT_NOT_EXPORTED,
                        "serves %s, which this peer does not export".formatted(entry.getKey()));
                continue;
            }
            try {
                services.put(
                        name.get(),
                        entry.getValue().getPortsList().stream()
                                .map(port -> new ServicePort(
                                        "",
                                        port.getServicePort(),
                                        port.getTargetPort() == 0 ? port.getServicePort() : port.getTargetPort()))
                                .toList());
            } catch (IllegalArgumentException e) {
                refuse(told.getUid(), ReasonCode.IMPORT_PORT, String.valueOf(e.getMessage()));
            }
        }
        return services;
    }

    /** Of {@code namespace/hostname}. */
    private static Optional<ServiceName> serviceName(String key) {
        int slash = key.indexOf('/');
        try {
            ServiceName name = ServiceName.ofHostname(key.substring(slash + 1));
            return slash > 0 && name.namespace().equals(key.substring(0, slash)) ? Optional.of(name) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Locality locality(Workload told) {
        return new Locality(
                cut(told.getLocality().getRegion()),
                cut(told.getLocality().getZone()),
                cut(told.getLocality().getSubzone()));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_LOCALITY_CHARACTERS));
    }

    private static int weight(Workload told) {
        return told.hasCapacity() ? told.getCapacity().getValue() : 1;
    }

    private void refuse(String resource, ReasonCode reason, String why) {
        refusals.add(resource, reason, why);
    }
}
