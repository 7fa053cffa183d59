/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.EndpointId;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The node-proxy and the gateway of bergen as separate processes with the product's own flags, and lubeck, a peer that both
 * admit. No control plane runs: what it would say is in their state folders.
 */
final class Fort {

    static final int HBONE = 15_008;

    private static final int METRICS = 15_020;
    private static final int BUNDLE_ENDPOINT = 8_443;
    private static final ServiceName API = new ServiceName("shop", "api");
    private static final String NODE = "a";

    final TestAuthority bergen = TestAuthority.of("bergen.example");
    final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    final SpiffeId backend = SpiffeId.ofServiceAccount(bergen.trustDomain(), "shop", "backend");
    final SpiffeId gatewayId = SystemIdentity.EAST_WEST_GATEWAY.in(bergen.trustDomain());
    final Target proxy;
    final Target gateway;

    private final Neighbours neighbours = new Neighbours();
    private final Path folder;
    private final int network = (int) (ProcessHandle.current().pid() % (250 * 30));

    /**
     * Starts both.
     *
     * @param settings lines of either section, the same for both; empty for the defaults
     */
    Fort(Path folder, String settings) throws Exception {
        this.folder = folder;
        InetAddress workload = address(1);
        InetAddress edge = address(2);
        List<ServicePort> ports = List.of(
                new ServicePort("", 80, neighbours.echo(workload, 0).getPort()),
                new ServicePort("", 81, neighbours.sink(workload, 0).getPort()),
                new ServicePort("", 82, neighbours.source(workload, 0).getPort()),
                new ServicePort("", 83, neighbours.abyss(workload, 0).getPort()));
        // What the gateway carries to is meant to be a proxy; for it, anything that takes bytes is one.
        neighbours.echo(address(3), HBONE);
        neighbours.sink(address(4), HBONE);
        neighbours.source(address(5), HBONE);
        neighbours.abyss(address(6), HBONE);
        // The gateway passes connections for the bundle endpoint through; this one takes them and says nothing.
        neighbours.sink(edge, BUNDLE_ENDPOINT);
        List<Service> services = List.of(new Service(API, List.of(), ports, true, true, Affinity.NONE));
        List<Workload> workloads = List.of(
                workload("api", NODE, workload),
                workload("echo", "b", address(3)),
                workload("sink", "b", address(4)),
                workload("source", "b", address(5)),
                workload("abyss", "b", address(6)));
        Files.writeString(folder.resolve(ClusterDirectory.FILE), config(edge, workload, settings));
        keep(services, workloads);
        this.proxy = new Target(
                "node-proxy",
                false,
                new InetSocketAddress(workload, HBONE),
                API.hostname() + ":80",
                API.hostname() + ":81",
                API.hostname() + ":82",
                API.hostname() + ":83",
                "nobody.shop.svc.cluster.local:80",
                start(Role.NODE_PROXY),
                new InetSocketAddress(workload, METRICS));
        this.gateway = new Target(
                "gateway",
                true,
                new InetSocketAddress(edge, HBONE),
                outer("echo"),
                outer("sink"),
                outer("source"),
                outer("abyss"),
                "nobody.shop.svc.cluster.local:80",
                start(Role.EAST_WEST_GATEWAY),
                new InetSocketAddress(edge, METRICS));
    }

    /** The outer authority of an endpoint. */
    static String outer(String name) {
        return EndpointId.ofWorkload(uid(name)) + "." + API.hostname() + ":80";
    }

    List<Target> targets() {
        return List.of(proxy, gateway);
    }

    /** What a process has written so far: its log and its access log. */
    String output(Target target) {
        try {
            return Files.readString(outputOf(target.isGateway() ? Role.EAST_WEST_GATEWAY : Role.NODE_PROXY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path outputOf(Role role) {
        return folder.resolve(role.text() + ".out");
    }

    private void keep(List<Service> services, List<Workload> workloads) throws Exception {
        BundleMap both = TestAuthority.bundles(bergen, lubeck);
        KeptState edge = new KeptState(folder.resolve("state/east-west-gateway"));
        edge.identity(bergen.svid(gatewayId), TestAuthority.bundles(bergen));
        edge.bundles(both);
        edge.catalog(services, workloads);
        KeptState node = new KeptState(folder.resolve("state/node-proxy-" + NODE));
        node.identity(bergen.svid(SystemIdentity.node(bergen.trustDomain(), NODE)), TestAuthority.bundles(bergen));
        node.bundles(both);
        node.catalog(services, workloads);
        node.workload(bergen.svid(backend));
    }

    private static String config(InetAddress edge, InetAddress workload, String settings) {
        return """
                cluster: bergen
                trustDomain: bergen.example
                address: %1$s
                east-west-gateway:
                  metrics: %1$s:%3$d
                %4$s
                node-proxy:
                  metrics: %2$s:%3$d
                %4$s
                """.formatted(edge.getHostAddress(), workload.getHostAddress(), METRICS, settings.indent(2));
    }

    private Process start(Role role) throws IOException {
        List<String> command = Installed.product().command(role, ClusterDirectory.at(folder));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(outputOf(role).toFile())
                .start();
    }

    /** An address of this run's own: other tests run at the same time. */
    private InetAddress address(int host) {
        return InetAddress.ofLiteral("127.213.%d.%d".formatted(network / 30, network % 30 * 8 + host));
    }

    private static String uid(String name) {
        return "bergen/hanse.io/Workload/shop/" + name;
    }

    private Workload workload(String name, String node, InetAddress address) {
        SortedMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        services.put(API, List.of());
        return new Workload(
                uid(name),
                name,
                "shop",
                "backend",
                bergen.trustDomain(),
                new ClusterName("bergen"),
                "bergen",
                node,
                List.of(address),
                Locality.UNKNOWN,
                true,
                1,
                services,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    void close() throws Exception {
        for (Target each : targets()) {
            each.process().destroy();
        }
        for (Target each : targets()) {
            if (!each.process().waitFor(30, TimeUnit.SECONDS)) {
                each.process().destroyForcibly();
            }
        }
        neighbours.close();
    }
}
