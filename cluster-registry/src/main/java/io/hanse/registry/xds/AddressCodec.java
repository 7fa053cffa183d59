/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.Locality;
import io.hanse.wire.mesh.GatewayRef;
import io.hanse.wire.mesh.InboundListener;
import io.hanse.wire.mesh.OutboundListener;
import io.hanse.wire.mesh.RemoteEndpoint;
import io.hanse.wire.mesh.ServiceExtension;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.Extension;
import io.hanse.wire.workload.NetworkAddress;
import io.hanse.wire.workload.Port;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.TunnelProtocol;
import io.hanse.wire.workload.WorkloadStatus;
import java.net.InetAddress;
import java.util.List;

/** Services and workloads as {@code istio.workload.Address}, Hanse's own facts in extensions (istio.md 2.1, 2.3). */
final class AddressCodec {

    private final String network;

    /** @param network of this cluster: where its virtual addresses are valid */
    AddressCodec(String network) {
        this.network = network;
    }

    static String name(Service service) {
        return service.name().namespace() + "/" + service.name().hostname();
    }

    Address address(Service service) {
        var message = io.hanse.wire.workload.Service.newBuilder()
                .setName(service.name().name())
                .setNamespace(service.name().namespace())
                .setHostname(service.name().hostname());
        for (InetAddress address : service.addresses()) {
            message.addAddresses(NetworkAddress.newBuilder().setNetwork(network).setAddress(bytes(address)));
        }
        service.ports().forEach(port -> message.addPorts(port(port)));
        message.addExtensions(extension(
                "hanse.io/service",
                ServiceExtension.newBuilder()
                        .setGlobal(service.global())
                        .setExported(service.exported())
                        .setAffinity(
                                switch (service.affinity()) {
                                    case NONE -> io.hanse.wire.mesh.Affinity.NO_AFFINITY;
                                    case LOCAL -> io.hanse.wire.mesh.Affinity.LOCAL;
                                    case REMOTE -> io.hanse.wire.mesh.Affinity.REMOTE;
                                })
                        .build()));
        return Address.newBuilder().setService(message).build();
    }

    /** As everybody of this trust domain but its node sees it. */
    Address withoutDuties(Workload workload) {
        return Address.newBuilder().setWorkload(own(workload)).build();
    }

    /** As its node sees it. */
    Address withDuties(Workload workload, NodeDuties duties) {
        return Address.newBuilder()
                .setWorkload(own(workload).addExtensions(extension("hanse.io/node", duties(duties))))
                .build();
    }

    /** As a peer sees it: enough to choose it and to ask our gateway for it, nothing about where it is. */
    Address exported(Workload workload) {
        return Address.newBuilder().setWorkload(facts(workload)).build();
    }

    private static io.hanse.wire.workload.Workload.Builder facts(Workload workload) {
        var message = io.hanse.wire.workload.Workload.newBuilder()
                .setUid(workload.uid())
                .setName(workload.name())
                .setNamespace(workload.namespace())
                .setServiceAccount(workload.serviceAccount())
                .setTrustDomain(workload.trustDomain().name())
                .setTunnelProtocol(TunnelProtocol.HBONE)
                .setStatus(workload.healthy() ? WorkloadStatus.HEALTHY : WorkloadStatus.UNHEALTHY)
                .setCapacity(UInt32Value.of(workload.weight()));
        if (!workload.locality().equals(Locality.UNKNOWN)) {
            message.setLocality(io.hanse.wire.workload.Locality.newBuilder()
                    .setRegion(workload.locality().region())
                    .setZone(workload.locality().zone())
                    .setSubzone(workload.locality().subzone()));
        }
        workload.services()
                .forEach((service, ports) ->
                        message.putServices(service.namespace() + "/" + service.hostname(), ports(ports)));
        return message;
    }

    private static io.hanse.wire.workload.Workload.Builder own(Workload workload) {
        var message = facts(workload)
                .setClusterId(workload.cluster().name())
                .setNetwork(workload.network())
                .setNode(workload.node());
        workload.addresses().forEach(address -> message.addAddresses(bytes(address)));
        workload.policies().forEach(policy -> message.addAuthorizationPolicies(policy.toString()));
        workload.remote()
                .ifPresent(remote -> message.addExtensions(extension("hanse.io/remote", remote(workload, remote))));
        return message;
    }

    private static RemoteEndpoint remote(Workload workload, RemoteAccess remote) {
        var message = RemoteEndpoint.newBuilder()
                .setPeer(workload.trustDomain().name())
                .setEndpointId(remote.endpointId());
        remote.gateways()
                .forEach(gateway -> message.addGateways(
                        GatewayRef.newBuilder().setHost(gateway.host()).setPort(gateway.port())));
        return message.build();
    }

    private static io.hanse.wire.mesh.NodeDuties duties(NodeDuties duties) {
        var message = io.hanse.wire.mesh.NodeDuties.newBuilder().addAllSelectors(duties.selectors());
        duties.outbound()
                .forEach(outbound -> message.addOutbound(OutboundListener.newBuilder()
                        .setListen(outbound.listen().toString())
                        .setServiceNamespace(outbound.service().namespace())
                        .setServiceName(outbound.service().name())
                        .setServicePort(outbound.port())));
        duties.inbound()
                .forEach(inbound -> message.addInbound(InboundListener.newBuilder()
                        .setListen(inbound.listen().toString())
                        .setPort(inbound.port())));
        return message.build();
    }

    private static PortList ports(List<ServicePort> ports) {
        PortList.Builder list = PortList.newBuilder();
        ports.forEach(port -> list.addPorts(port(port)));
        return list.build();
    }

    private static Port port(ServicePort port) {
        return Port.newBuilder()
                .setServicePort(port.port())
                .setTargetPort(port.targetPort())
                .build();
    }

    private static Extension extension(String name, Message config) {
        return Extension.newBuilder().setName(name).setConfig(Any.pack(config)).build();
    }

    private static ByteString bytes(InetAddress address) {
        return ByteString.copyFrom(address.getAddress());
    }
}
