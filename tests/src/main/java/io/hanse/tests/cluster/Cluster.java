/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.demo.OwnSvids;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Installation;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A standalone cluster: its folder, its processes, its manifests, and what one asks of it. Any thread. */
public final class Cluster implements AutoCloseable {

    private static final int RELAY = 250;
    private static final int FURTHER_NODES = 200;
    private static final int SEPARATE_METRICS = 4;
    private static final int HBONE_PORT = 15008;
    private static final int METRICS_PORT = 15020;
    private static final Duration END = Duration.ofSeconds(5);

    private final Settings settings;
    private final Loopback range;
    private final ClusterControl control;
    private final Manifests manifests;
    private final List<ClusterProcess> processes;
    private final @Nullable Relay relay;

    Cluster(Path root, Settings settings, Loopback range, Installation installation, Relay.Origins origins) {
        this.settings = settings;
        this.range = range;
        NewCluster.onLoopback(
                        root,
                        new ClusterName(settings.name()),
                        TrustDomain.parse(settings.trustDomain()),
                        range,
                        NewCluster.USUAL_REFRESH)
                .make();
        configure(root, withAddresses(settings));
        ClusterDirectory directory = ClusterDirectory.at(root);
        this.control = new ClusterControl(directory, Await.PACE);
        this.manifests = new Manifests(directory.manifests());
        this.processes = processes(directory, installation);
        this.relay = settings.relayed() ? Relay.start(at(RELAY, HBONE_PORT), gateway(), origins) : null;
    }

    private Settings withAddresses(Settings wanted) {
        Settings all = wanted.set("east-west-gateway", "listen", range.address(Loopback.GATEWAY) + ":" + HBONE_PORT)
                .set("east-west-gateway", "metrics", metrics(Loopback.GATEWAY))
                .set("node-proxy", "node", ClusterDirectory.DEFAULT_NODE)
                .set("node-proxy", "metrics", metrics(Loopback.NODE));
        if (wanted.separate()) {
            all = all.set("spiffe-ca", "metrics", metrics(SEPARATE_METRICS))
                    .set("trust-bundle-exchange", "metrics", metrics(SEPARATE_METRICS + 1))
                    .set("cluster-registry", "metrics", metrics(SEPARATE_METRICS + 2));
        }
        return wanted.relayed()
                ? all.set("east-west-gateway", "advertise", "[\"%s:%d\"]".formatted(range.address(RELAY), HBONE_PORT))
                : all;
    }

    private String metrics(int last) {
        return "\"%s:%d\"".formatted(range.address(last), METRICS_PORT);
    }

    private void configure(Path root, Settings all) {
        write(root, all);
        for (int i = 1; i < all.nodes().size(); i++) {
            // A further node is another machine: its own folder, with its own state and sockets.
            write(
                    root.resolve("node-" + all.nodes().get(i)),
                    all.set("node-proxy", "node", all.nodes().get(i))
                            .set("node-proxy", "metrics", metrics(FURTHER_NODES + i)));
        }
    }

    private void write(Path root, Settings all) {
        try {
            Files.createDirectories(root);
            Files.writeString(root.resolve(ClusterDirectory.FILE), all.yaml(range.address(Loopback.CONTROL_PLANE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ClusterProcess> processes(ClusterDirectory directory, Installation installation) {
        List<Role> roles = settings.separate()
                ? List.of(Role.SPIFFE_CA, Role.TRUST_BUNDLE_EXCHANGE, Role.CLUSTER_REGISTRY, Role.EAST_WEST_GATEWAY)
                : List.of(Role.CONTROL_PLANE, Role.EAST_WEST_GATEWAY);
        List<ClusterProcess> all = new ArrayList<>();
        roles.forEach(role -> all.add(new ClusterProcess(role, control, directory, installation)));
        for (String node : settings.nodes()) {
            ClusterDirectory its = node.equals(directory.node())
                    ? directory
                    : ClusterDirectory.at(directory.root().resolve("node-" + node));
            all.add(new ClusterProcess(Role.NODE_PROXY, control, its, installation));
        }
        return List.copyOf(all);
    }

    /** Its name. */
    public String name() {
        return settings.name();
    }

    /** Its addresses. */
    Loopback range() {
        return range;
    }

    /** Its trust domain. */
    public String trustDomain() {
        return settings.trustDomain();
    }

    /** Its folder. */
    public ClusterDirectory directory() {
        return control.directory();
    }

    /** Starts every process without waiting. */
    public void launch() {
        processes.forEach(ClusterProcess::start);
    }

    /** Waits until every process is ready; the first time it gives each a join token. */
    public void awaitReady() {
        process(Role.SPIFFE_CA).awaitAuthority();
        List<Future<Boolean>> others = processes.stream()
                .map(process -> Await.beside("await " + process, () -> {
                    process.awaitReady();
                    return true;
                }))
                .toList();
        others.forEach(Await::join);
    }

    /** Every process. */
    public List<ClusterProcess> processes() {
        return processes;
    }

    /** The process in which a role runs; of several node proxies the first. */
    public ClusterProcess process(Role role) {
        return processes.stream()
                .filter(process -> process.role() == role || process.roles().contains(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name() + " has no " + role));
    }

    /** The proxy of a node. */
    public ClusterProcess node(String node) {
        return processes.stream()
                .filter(process -> process.role() == Role.NODE_PROXY
                        && process.control().directory().node().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name() + " has no node " + node));
    }

    /** Its services, workloads and policies. */
    public Manifests manifests() {
        return manifests;
    }

    /** The control API of its roles (of the first node's proxy). */
    public ClusterControl control() {
        return control;
    }

    /** Address of its n-th workload, from 0. */
    public String workload(int place) {
        return range.address(Loopback.FIRST_WORKLOAD + place);
    }

    /** A socket address in its range. */
    public InetSocketAddress at(int last, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(range.address(last)), port);
    }

    /** The n-th outbound listener of the caller at a place. */
    public InetSocketAddress listener(int place, int service) {
        return at(Loopback.FIRST_WORKLOAD + place, Manifests.OUTBOUND_PORT + service);
    }

    /** Where its gateway listens; peers may be told its relay instead. */
    public InetSocketAddress gateway() {
        return at(Loopback.GATEWAY, HBONE_PORT);
    }

    /** The relay before its gateway; only if the settings asked for one. */
    public Relay relay() {
        return Optional.ofNullable(relay)
                .orElseThrow(() -> new IllegalStateException(name() + " has no relay: Settings.behindRelay()"));
    }

    /** A workload's SPIFFE ID in namespace {@code shop}. */
    public String spiffeId(String serviceAccount) {
        return "spiffe://" + principal(serviceAccount);
    }

    /** The same without its scheme, as policies name it. */
    public String principal(String serviceAccount) {
        return "%s/ns/shop/sa/%s".formatted(trustDomain(), serviceAccount);
    }

    /** Makes an invitation for a peer. */
    public String invite(String peer) {
        return control.post(
                        Role.TRUST_BUNDLE_EXCHANGE,
                        "/v1/invitations",
                        ClusterControl.object().put("cluster", peer).put("ttlSeconds", 900))
                .path("invitation")
                .asText();
    }

    /** Accepts an invitation; the answer whatever it is. */
    public ControlReply tryAccept(String invitation) {
        return control.tryPost(
                Role.TRUST_BUNDLE_EXCHANGE,
                "/v1/relationships",
                ClusterControl.object().put("invitation", invitation));
    }

    /** Invites a peer, which accepts; waits until both hold the other's bundle. */
    public void connect(Cluster peer) {
        AtomicReference<String> answer = new AtomicReference<>("none");
        // Again with a new invitation: one is void once this cluster's bundle has changed.
        Await.until(
                "%s accepts an invitation of %s".formatted(peer, this),
                Await.PATIENCE,
                () -> {
                    ControlReply reply = peer.tryAccept(invite(peer.name()));
                    answer.set(reply.toString());
                    return reply instanceof ControlReply.Answered || (holdsBundleOf(peer) && peer.holdsBundleOf(this));
                },
                () -> "; the last answer: " + answer);
        Await.until(
                "%s and %s hold each other's bundle".formatted(name(), peer.name()),
                () -> holdsBundleOf(peer) && peer.holdsBundleOf(this));
    }

    /** Ends the relationship with a peer. */
    public void disconnect(Cluster peer) {
        control.delete(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships/" + peer.trustDomain());
    }

    /** Whether its exchange holds a bundle of a peer. */
    public boolean holdsBundleOf(Cluster peer) {
        return !bundle(peer.trustDomain()).isMissingNode();
    }

    /** The bundle of a trust domain as its exchange has it, SPIFFE JSON; missing if it has none. */
    public JsonNode bundle(String domain) {
        return control.tryGet(Role.TRUST_BUNDLE_EXCHANGE, "/v1/bundles/" + domain)
                        instanceof ControlReply.Answered answered
                ? answered.body()
                : MissingNode.getInstance();
    }

    /** Key ids of its X.509 authorities in a state: prepared, active, retiring, tainted, retired. */
    public List<String> authorities(String state) {
        return elements(control.get(Role.SPIFFE_CA, "/v1/authorities").path("x509"))
                .filter(authority ->
                        state.equalsIgnoreCase(authority.path("state").asText()))
                .map(authority -> authority.path("keyId").asText())
                .toList();
    }

    /** A command to its X.509 authorities: prepare, activate, taint, revoke; the answer whatever it is. */
    public ControlReply tryAuthority(String deed, Map<String, String> arguments) {
        var wish = ClusterControl.object();
        arguments.forEach((key, value) -> {
            if (key.equals("force")) {
                wish.put(key, Boolean.parseBoolean(value));
            } else {
                wish.put(key, value);
            }
        });
        return control.tryPost(Role.SPIFFE_CA, "/v1/authorities/x509/" + deed, wish);
    }

    /** What its first node's proxy holds for its workloads. */
    public List<JsonNode> svids() {
        JsonNode answer = control.get(Role.NODE_PROXY, "/v1/workloads");
        return elements(answer.isArray() ? answer : answer.path("workloads")).toList();
    }

    /** Key ids of the authorities that signed what its processes and the first node's workloads hold now. */
    public Set<String> signers() {
        Set<String> signers = new TreeSet<>();
        svids().forEach(workload ->
                signers.add(workload.path("svid").path("authority").asText()));
        processes.stream()
                .map(process -> process.control().directory().state())
                .distinct()
                .forEach(state -> signers.addAll(OwnSvids.signers(state)));
        return signers;
    }

    /** Elements of a JSON list. */
    public static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** Ends every process: asks each, and ends at once what is left. */
    @Override
    public void close() {
        List<ClusterProcess> alive =
                processes.stream().filter(ClusterProcess::isAlive).toList();
        List<Future<Boolean>> ends = alive.stream()
                .map(process -> Await.beside("end " + process, () -> process.terminate(END)))
                .toList();
        ends.forEach(Await::join);
        if (relay != null) {
            relay.close();
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
