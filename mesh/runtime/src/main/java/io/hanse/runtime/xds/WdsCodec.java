/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.Extension;
import io.hanse.wire.workload.NetworkAddress;
import io.hanse.wire.workload.Port;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.TunnelProtocol;
import io.hanse.wire.workload.WorkloadStatus;
import io.hanse.wire.xds.Resource;
import java.util.List;

/**
 * Services and workloads as {@code istio.workload.Address}, both ways. Reading is strict: an unknown enum value, a broken
 * address or a name that breaks its law refuses that one resource. Not carried: names of service ports (the schema has no
 * place for them; they read back empty).
 *
 * <p>Immutable; any thread.
 */
public final class WdsCodec {

    static final String SERVICE_EXTENSION = "hanse.io/service";
    static final String REMOTE_EXTENSION = "hanse.io/remote";
    static final String NODE_EXTENSION = "hanse.io/node";
    private static final String TYPE_PREFIX = "type.googleapis.com";

    private final String network;

    /**
     * A codec for one cluster.
     *
     * @param network the network in which services' virtual addresses are looked up; written, not read
     */
    public WdsCodec(String network) {
        this.network = network;
    }

    /** What an Address resource holds. */
    public sealed interface Entry {

        /** A service, named {@code namespace/hostname}. */
        record ServiceEntry(Service service) implements Entry {}

        /** A workload, named by its uid. */
        record WorkloadEntry(Workload workload) implements Entry {}
    }

    /** A service as a resource with name and version. */
    public Resource encode(Service service) {
        io.hanse.wire.workload.Service.Builder message = io.hanse.wire.workload.Service.newBuilder()
                .setName(service.name().name())
                .setNamespace(service.name().namespace())
                .setHostname(service.name().hostname())
                .addAllPorts(ports(service.ports()))
                .addExtensions(extension(SERVICE_EXTENSION, MeshMessages.extensionOf(service)));
        service.addresses()
                .forEach(address -> message.addAddresses(
                        NetworkAddress.newBuilder().setNetwork(network).setAddress(Wire.bytes(address))));
        Address address = Address.newBuilder().setService(message).build();
        return XdsTypes.resource(XdsTypes.ADDRESS, XdsTypes.resourceName(service.name()), address);
    }

    /** A workload as a resource with name and version, everything it holds included. */
    public Resource encode(Workload workload) {
        io.hanse.wire.workload.Workload.Builder message = io.hanse.wire.workload.Workload.newBuilder()
                .setUid(workload.uid())
                .setName(workload.name())
                .setNamespace(workload.namespace())
                .setServiceAccount(workload.serviceAccount())
                .setTrustDomain(workload.trustDomain().name())
                .setClusterId(workload.cluster().name())
                .setNetwork(workload.network())
                .setNode(workload.node())
                .setTunnelProtocol(TunnelProtocol.HBONE)
                .setStatus(workload.healthy() ? WorkloadStatus.HEALTHY : WorkloadStatus.UNHEALTHY)
                .setCapacity(UInt32Value.of(workload.weight()))
                .setLocality(MeshMessages.localityOf(workload.locality()));
        workload.addresses().forEach(address -> message.addAddresses(Wire.bytes(address)));
        workload.policies().forEach(policy -> message.addAuthorizationPolicies(policy.toString()));
        workload.services()
                .forEach((service, ports) -> message.putServices(
                        XdsTypes.resourceName(service),
                        PortList.newBuilder().addAllPorts(ports(ports)).build()));
        workload.remote()
                .ifPresent(remote -> message.addExtensions(
                        extension(REMOTE_EXTENSION, MeshMessages.remoteOf(workload.trustDomain(), remote))));
        workload.duties()
                .ifPresent(duties -> message.addExtensions(extension(NODE_EXTENSION, MeshMessages.dutiesOf(duties))));
        Address address = Address.newBuilder().setWorkload(message).build();
        return XdsTypes.resource(XdsTypes.ADDRESS, workload.uid(), address);
    }

    /**
     * Reads an Address resource.
     *
     * @throws UnreadableResource naming the field
     */
    public static Entry decode(Resource resource) throws UnreadableResource {
        Address address = Wire.unpack(resource, XdsTypes.ADDRESS, Address.parser());
        try {
            return switch (address.getTypeCase()) {
                case SERVICE -> new Entry.ServiceEntry(AddressReader.service(resource.getName(), address.getService()));
                case WORKLOAD ->
                    new Entry.WorkloadEntry(AddressReader.workload(resource.getName(), address.getWorkload()));
                case TYPE_NOT_SET -> throw new UnreadableResource("neither workload nor service");
            };
        } catch (IllegalArgumentException e) {
            // A law of a noun: its message says which.
            throw new UnreadableResource(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Port> ports(List<ServicePort> ports) {
        return ports.stream()
                .map(port -> Port.newBuilder()
                        .setServicePort(port.port())
                        .setTargetPort(port.targetPort())
                        .build())
                .toList();
    }

    private static Extension extension(String name, Message config) {
        return Extension.newBuilder()
                .setName(name)
                .setConfig(Any.pack(config, TYPE_PREFIX))
                .build();
    }
}
