/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.NodeDuties.Inbound;
import io.hanse.model.catalog.NodeDuties.Outbound;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import io.hanse.wire.mesh.GatewayRef;
import io.hanse.wire.mesh.InboundListener;
import io.hanse.wire.mesh.OutboundListener;
import io.hanse.wire.mesh.RemoteEndpoint;
import io.hanse.wire.mesh.ServiceExtension;
import java.util.ArrayList;
import java.util.List;

/** Hanse's own facts ({@code hanse/mesh.proto}), both ways. */
final class MeshMessages {

    private MeshMessages() {}

    static ServiceExtension extensionOf(Service service) {
        return ServiceExtension.newBuilder()
                .setGlobal(service.global())
                .setExported(service.exported())
                .setAffinity(
                        switch (service.affinity()) {
                            case NONE -> io.hanse.wire.mesh.Affinity.NO_AFFINITY;
                            case LOCAL -> io.hanse.wire.mesh.Affinity.LOCAL;
                            case REMOTE -> io.hanse.wire.mesh.Affinity.REMOTE;
                        })
                .build();
    }

    static Affinity affinity(ServiceExtension extension) throws UnreadableResource {
        return switch (extension.getAffinity()) {
            case NO_AFFINITY -> Affinity.NONE;
            case LOCAL -> Affinity.LOCAL;
            case REMOTE -> Affinity.REMOTE;
            case UNRECOGNIZED -> throw Wire.unknown("affinity", extension.getAffinityValue());
        };
    }

    static RemoteEndpoint remoteOf(TrustDomain peer, RemoteAccess remote) {
        RemoteEndpoint.Builder message =
                RemoteEndpoint.newBuilder().setPeer(peer.name()).setEndpointId(remote.endpointId());
        remote.gateways()
                .forEach(gateway -> message.addGateways(
                        GatewayRef.newBuilder().setHost(gateway.host()).setPort(gateway.port())));
        return message.build();
    }

    static RemoteAccess remote(TrustDomain trustDomain, RemoteEndpoint message) throws UnreadableResource {
        if (!TrustDomain.parse(Wire.required(message.getPeer(), "remote peer")).equals(trustDomain)) {
            throw new UnreadableResource("remote peer: %s (expected: %s, the workload's trust domain)"
                    .formatted(message.getPeer(), trustDomain));
        }
        List<HostPort> gateways = new ArrayList<>();
        for (GatewayRef gateway : message.getGatewaysList()) {
            gateways.add(new HostPort(gateway.getHost(), Wire.port(gateway.getPort(), "gateway port")));
        }
        return new RemoteAccess(Wire.required(message.getEndpointId(), "remote endpoint id"), gateways);
    }

    static io.hanse.wire.mesh.NodeDuties dutiesOf(NodeDuties duties) {
        io.hanse.wire.mesh.NodeDuties.Builder message =
                io.hanse.wire.mesh.NodeDuties.newBuilder().addAllSelectors(duties.selectors());
        duties.outbound()
                .forEach(out -> message.addOutbound(OutboundListener.newBuilder()
                        .setListen(out.listen().toString())
                        .setServiceNamespace(out.service().namespace())
                        .setServiceName(out.service().name())
                        .setServicePort(out.port())));
        duties.inbound()
                .forEach(in -> message.addInbound(InboundListener.newBuilder()
                        .setListen(in.listen().toString())
                        .setPort(in.port())));
        return message.build();
    }

    static NodeDuties duties(io.hanse.wire.mesh.NodeDuties message) throws UnreadableResource {
        List<Outbound> outbound = new ArrayList<>();
        for (OutboundListener out : message.getOutboundList()) {
            outbound.add(new Outbound(
                    HostPort.parse(out.getListen()),
                    new ServiceName(out.getServiceNamespace(), out.getServiceName()),
                    Wire.port(out.getServicePort(), "outbound port")));
        }
        List<Inbound> inbound = new ArrayList<>();
        for (InboundListener in : message.getInboundList()) {
            inbound.add(new Inbound(HostPort.parse(in.getListen()), Wire.port(in.getPort(), "inbound port")));
        }
        return new NodeDuties(message.getSelectorsList(), outbound, inbound);
    }

    static io.hanse.wire.workload.Locality localityOf(Locality locality) {
        return io.hanse.wire.workload.Locality.newBuilder()
                .setRegion(locality.region())
                .setZone(locality.zone())
                .setSubzone(locality.subzone())
                .build();
    }

    static Locality locality(io.hanse.wire.workload.Locality message) {
        return new Locality(message.getRegion(), message.getZone(), message.getSubzone());
    }
}
