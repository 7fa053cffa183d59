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
import io.hanse.registry.imports.Judged.Claim;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.Service;
import io.hanse.wire.workload.Workload;
import io.hanse.wire.workload.WorkloadStatus;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The rules for one resource of a peer by itself: identities of the peer's own trust domain only, nothing about our
 * network, our addresses or our services (design invariant 5). Whether the peer exports the services that an endpoint
 * claims to serve is {@link ImportCheck}'s to say.
 */
final class ResourceCheck {

    /** As much as a manifest may say; more would drown out all others. */
    private static final int MAX_WEIGHT = 1000;

    private static final int MAX_LOCALITY_CHARACTERS = 128;

    /**
     * Between a peer's trust domain and its own uid. No trust domain, no workload's uid and no service's name of ours has
     * two slashes in a row, so whatever a peer calls itself, nothing of its is called as something of ours or of another's.
     */
    private static final String UID_SEPARATOR = "//";

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,253}");

    private final Relationship peer;
    private final Resource resource;

    private ResourceCheck(Relationship peer, Resource resource) {
        this.peer = peer;
        this.resource = resource;
    }

    static Judged judge(Relationship peer, Resource resource) {
        return new ResourceCheck(peer, resource).judge();
    }

    private Judged judge() {
        Address address;
        try {
            if (!resource.getResource().getTypeUrl().equals(XdsTypes.ADDRESS)) {
                return refused(
                        ReasonCode.IMPORT_TYPE,
                        "type %s".formatted(resource.getResource().getTypeUrl()));
            }
            address = Address.parseFrom(resource.getResource().getValue());
        } catch (InvalidProtocolBufferException e) {
            return refused(ReasonCode.IMPORT_MALFORMED, "not an Address: %s".formatted(e.getMessage()));
        }
        return switch (address.getTypeCase()) {
            case SERVICE -> service(address.getService());
            case WORKLOAD -> workload(address.getWorkload());
            case TYPE_NOT_SET -> refused(ReasonCode.IMPORT_MALFORMED, "neither a service nor a workload");
        };
    }

    private Judged service(Service service) {
        String name = service.getNamespace() + "/" + service.getHostname();
        return serviceName(name)
                .filter(named -> name.equals(resource.getName()))
                .<Judged>map(named -> new Judged.Offer(resource, named))
                .orElseGet(() -> refused(
                        ReasonCode.IMPORT_MALFORMED,
                        "its host name %s does not go with its name".formatted(service.getHostname())));
    }

    private Judged workload(Workload told) {
        if (!told.getUid().equals(resource.getName())) {
            return refused(ReasonCode.IMPORT_MALFORMED, "its uid is %s".formatted(told.getUid()));
        }
        if (!told.getTrustDomain().equals(peer.trustDomain().name())) {
            return refused(
                    ReasonCode.IMPORT_TRUST_DOMAIN,
                    "claims the trust domain %s, only %s is this peer's to speak for"
                            .formatted(told.getTrustDomain(), peer.trustDomain()));
        }
        if (told.getNamespace().equals(SystemIdentity.NAMESPACE)) {
            return refused(ReasonCode.IMPORT_RESERVED_IDENTITY, "claims an identity of Hanse's own processes");
        }
        // Either with a slash in it would make the SPIFFE ID of somebody else.
        if (!SEGMENT.matcher(told.getNamespace()).matches()
                || !SEGMENT.matcher(told.getServiceAccount()).matches()) {
            return refused(
                    ReasonCode.IMPORT_IDENTITY_MALFORMED,
                    "its namespace or service account is not one segment of a SPIFFE ID (SPIFFE-ID 2.2)");
        }
        // Every proxy refuses a workload without a name, and what cannot be shown is no name.
        if (!SEGMENT.matcher(told.getName()).matches()) {
            return refused(
                    ReasonCode.IMPORT_MALFORMED,
                    "its name is not one (expected: 1 to 253 letters, digits, dots, dashes and underscores)");
        }
        if (told.getAddressesCount() > 0 || told.hasNetworkGateway() || told.hasWaypoint()) {
            return refused(ReasonCode.IMPORT_ADDRESS, "claims addresses; it is reached through its own gateways only");
        }
        if (told.getAuthorizationPoliciesCount() > 0 || told.getExtensionsCount() > 0) {
            return refused(ReasonCode.IMPORT_POLICY, "comes with policies or duties, which are not the peer's to give");
        }
        // As an unsigned number: more than an int holds is read as less than none.
        if (Integer.compareUnsigned(weight(told), MAX_WEIGHT) > 0) {
            return refused(ReasonCode.IMPORT_WEIGHT, "weighs more than %d".formatted(MAX_WEIGHT));
        }
        return endpoint(told);
    }

    private Judged endpoint(Workload told) {
        List<Claim> claims = new ArrayList<>();
        NavigableMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        told.getServicesMap().forEach((key, ports) -> {
            Claim claim = claim(key, ports);
            claims.add(claim);
            claim.service()
                    .filter(name -> claim.wrong().isEmpty())
                    .ifPresent(name -> services.put(name, claim.ports()));
        });
        try {
            io.hanse.model.catalog.Workload made = new io.hanse.model.catalog.Workload(
                    peer.trustDomain() + UID_SEPARATOR + told.getUid(),
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
                    Optional.of(new RemoteAccess(
                            EndpointId.ofWorkload(told.getUid()).text(), peer.gateways())),
                    Optional.empty());
            // Throws if namespace or service account do not make a SPIFFE ID.
            made.spiffeId();
            return new Judged.Endpoint(resource, claims, made);
        } catch (IllegalArgumentException e) {
            return refused(ReasonCode.IMPORT_IDENTITY_MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static Claim claim(String key, PortList told) {
        Optional<ServiceName> name = serviceName(key);
        try {
            List<ServicePort> ports = told.getPortsList().stream()
                    .map(port -> new ServicePort(
                            "",
                            port.getServicePort(),
                            port.getTargetPort() == 0 ? port.getServicePort() : port.getTargetPort()))
                    .toList();
            return new Claim(key, name, ports, Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Claim(key, name, List.of(), Optional.of(String.valueOf(e.getMessage())));
        }
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

    private Judged refused(ReasonCode reason, String why) {
        return new Judged.Refused(resource, new Refusal(resource.getName(), reason, why));
    }
}
