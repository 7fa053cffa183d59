/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.ByteString;
import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.PolicyName;
import io.hanse.wire.mesh.RemoteEndpoint;
import io.hanse.wire.mesh.ServiceExtension;
import io.hanse.wire.workload.Extension;
import io.hanse.wire.workload.NetworkAddress;
import io.hanse.wire.workload.Port;
import io.hanse.wire.workload.PortList;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the messages of {@code istio.workload} into nouns. Empty fields mean what ztunnel takes them for (service account
 * {@code default}, capacity 1), except the trust domain: without one nobody could be verified, so it is refused.
 */
final class AddressReader {

    private static final String DEFAULT_SERVICE_ACCOUNT = "default";

    private AddressReader() {}

    static Service service(String resourceName, io.hanse.wire.workload.Service message) throws UnreadableResource {
        ServiceName name = new ServiceName(message.getNamespace(), message.getName());
        if (!message.getHostname().equals(name.hostname())) {
            throw new UnreadableResource(
                    "hostname: %s (expected: %s)".formatted(message.getHostname(), name.hostname()));
        }
        requireName(resourceName, XdsTypes.resourceName(name));
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkAddress address : message.getAddressesList()) {
            addresses.add(Wire.address(address.getAddress()));
        }
        Optional<ByteString> config = extension(message.getExtensionsList(), WdsCodec.SERVICE_EXTENSION);
        ServiceExtension own = config.isPresent()
                ? Wire.parse(config.get(), ServiceExtension.parser())
                : ServiceExtension.getDefaultInstance();
        Affinity affinity = MeshMessages.affinity(own);
        return new Service(
                name, addresses, ports(message.getPortsList()), own.getGlobal(), own.getExported(), affinity);
    }

    static Workload workload(String resourceName, io.hanse.wire.workload.Workload message) throws UnreadableResource {
        requireName(resourceName, Wire.required(message.getUid(), "uid"));
        TrustDomain trustDomain = TrustDomain.parse(Wire.required(message.getTrustDomain(), "trust_domain"));
        requireTunnel(message);
        List<InetAddress> addresses = new ArrayList<>();
        for (ByteString address : message.getAddressesList()) {
            addresses.add(Wire.address(address));
        }
        String account = message.getServiceAccount().isEmpty() ? DEFAULT_SERVICE_ACCOUNT : message.getServiceAccount();
        return new Workload(
                message.getUid(),
                Wire.required(message.getName(), "name"),
                Wire.required(message.getNamespace(), "namespace"),
                account,
                trustDomain,
                new ClusterName(message.getClusterId()),
                message.getNetwork(),
                message.getNode(),
                addresses,
                MeshMessages.locality(message.getLocality()),
                healthy(message),
                weight(message),
                services(message.getServicesMap()),
                message.getAuthorizationPoliciesList().stream()
                        .map(PolicyName::parse)
                        .toList(),
                remote(trustDomain, message),
                duties(message));
    }

    private static void requireName(String resourceName, String content) throws UnreadableResource {
        if (!resourceName.equals(content)) {
            throw new UnreadableResource("resource name: %s (expected: %s)".formatted(resourceName, content));
        }
    }

    private static void requireTunnel(io.hanse.wire.workload.Workload message) throws UnreadableResource {
        switch (message.getTunnelProtocol()) {
            case NONE, HBONE -> {}
            case LEGACY_ISTIO_MTLS, UNRECOGNIZED ->
                throw Wire.unknown("tunnel_protocol", message.getTunnelProtocolValue());
        }
    }

    private static boolean healthy(io.hanse.wire.workload.Workload message) throws UnreadableResource {
        return switch (message.getStatus()) {
            case HEALTHY -> true;
            case UNHEALTHY -> false;
            case UNRECOGNIZED -> throw Wire.unknown("status", message.getStatusValue());
        };
    }

    private static int weight(io.hanse.wire.workload.Workload message) {
        return message.hasCapacity() ? message.getCapacity().getValue() : 1;
    }

    private static SortedMap<ServiceName, List<ServicePort>> services(Map<String, PortList> message)
            throws UnreadableResource {
        SortedMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        for (Map.Entry<String, PortList> entry : message.entrySet()) {
            String key = entry.getKey();
            ServiceName name = ServiceName.ofHostname(key.substring(key.indexOf('/') + 1));
            if (!key.equals(XdsTypes.resourceName(name))) {
                throw new UnreadableResource("service: %s (expected: namespace/hostname)".formatted(key));
            }
            services.put(name, ports(entry.getValue().getPortsList()));
        }
        return services;
    }

    private static List<ServicePort> ports(List<Port> message) throws UnreadableResource {
        List<ServicePort> ports = new ArrayList<>();
        for (Port port : message) {
            int servicePort = Wire.port(port.getServicePort(), "service_port");
            // 0: "ask the endpoint"; the same number is what an endpoint without a mapping of its own listens on.
            int target = port.getTargetPort() == 0 ? servicePort : Wire.port(port.getTargetPort(), "target_port");
            ports.add(new ServicePort("", servicePort, target));
        }
        return ports;
    }

    private static Optional<RemoteAccess> remote(TrustDomain trustDomain, io.hanse.wire.workload.Workload message)
            throws UnreadableResource {
        Optional<ByteString> config = extension(message.getExtensionsList(), WdsCodec.REMOTE_EXTENSION);
        return config.isEmpty()
                ? Optional.empty()
                : Optional.of(MeshMessages.remote(trustDomain, Wire.parse(config.get(), RemoteEndpoint.parser())));
    }

    private static Optional<NodeDuties> duties(io.hanse.wire.workload.Workload message) throws UnreadableResource {
        Optional<ByteString> config = extension(message.getExtensionsList(), WdsCodec.NODE_EXTENSION);
        return config.isEmpty()
                ? Optional.empty()
                : Optional.of(MeshMessages.duties(Wire.parse(config.get(), io.hanse.wire.mesh.NodeDuties.parser())));
    }

    private static Optional<ByteString> extension(List<Extension> extensions, String name) {
        return extensions.stream()
                .filter(extension -> extension.getName().equals(name))
                .findFirst()
                .map(extension -> extension.getConfig().getValue());
    }
}
