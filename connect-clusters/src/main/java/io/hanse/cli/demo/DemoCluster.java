/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.cli.directory.Role;
import io.hanse.cli.run.ClusterRun;
import io.hanse.cli.run.Installation;
import io.hanse.cli.time.Pace;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A cluster of the demo.
 *
 * @param range its addresses
 * @param run its processes
 * @param manifests its services, workloads and policies
 * @param nodeLog what its node proxy logs, access log included
 * @param gatewayLog what its gateway logs
 */
record DemoCluster(Loopback range, ClusterRun run, DemoManifests manifests, AccessLog nodeLog, AccessLog gatewayLog) {

    /** Short, so that a rotation is watched in seconds; the default is minutes. */
    private static final Duration REFRESH = Duration.ofSeconds(2);

    private static final int BACKEND = 0;
    private static final int FRONTEND = 1;
    private static final int GUEST = 2;

    static DemoCluster make(Path folder, String name, Loopback range, Installation installation, Pace pace) {
        return make(folder, name, name + ".example", range, installation, pace);
    }

    /** A cluster that calls itself what it likes. */
    static DemoCluster make(
            Path folder, String name, String trustDomain, Loopback range, Installation installation, Pace pace) {
        NewCluster.onLoopback(
                        folder.resolve(name), new ClusterName(name), TrustDomain.parse(trustDomain), range, REFRESH)
                .make();
        ClusterDirectory directory = ClusterDirectory.at(folder.resolve(name));
        ClusterControl control = new ClusterControl(directory, pace);
        return new DemoCluster(
                range,
                new ClusterRun(control, installation, pace),
                new DemoManifests(directory),
                new AccessLog(directory.log(Role.NODE_PROXY), pace),
                new AccessLog(directory.log(Role.EAST_WEST_GATEWAY), pace));
    }

    ClusterControl control() {
        return run.control();
    }

    ClusterDirectory directory() {
        return run.control().directory();
    }

    String name() {
        return directory().name().name();
    }

    String trustDomain() {
        return directory().trustDomain().name();
    }

    String spiffeId(String serviceAccount) {
        return "spiffe://%s/ns/shop/sa/%s".formatted(trustDomain(), serviceAccount);
    }

    String backendAddress() {
        return DemoManifests.address(range, BACKEND);
    }

    String frontendAddress() {
        return DemoManifests.address(range, FRONTEND);
    }

    String guestAddress() {
        return DemoManifests.address(range, GUEST);
    }

    InetSocketAddress frontend() {
        return Call.at(frontendAddress(), DemoManifests.OUTBOUND_PORT);
    }

    InetSocketAddress guest() {
        return Call.at(guestAddress(), DemoManifests.OUTBOUND_PORT);
    }

    String gateway() {
        return range.address(Loopback.GATEWAY) + ":15008";
    }

    /** The bundle of a trust domain as this cluster's exchange has it; missing if it has none. */
    JsonNode bundle(String trustDomain) {
        return control().tryGet(Role.TRUST_BUNDLE_EXCHANGE, "/v1/bundles/" + trustDomain)
                        instanceof ControlReply.Answered answered
                ? answered.body()
                : MissingNode.getInstance();
    }

    /** Key ids of this cluster's X.509 authorities in a state. */
    List<String> authorities(String state) {
        return elements(control().get(Role.SPIFFE_CA, "/v1/authorities").path("x509")).stream()
                .filter(authority ->
                        state.equalsIgnoreCase(authority.path("state").asText()))
                .map(authority -> authority.path("keyId").asText())
                .toList();
    }

    /** What the node proxy says of its workloads. */
    List<JsonNode> svids() {
        JsonNode answer = control().get(Role.NODE_PROXY, "/v1/workloads");
        return elements(answer.isArray() ? answer : answer.path("workloads"));
    }

    /** Key ids of the authorities that signed what the node's workloads hold now. */
    List<String> signers() {
        return svids().stream()
                .map(workload -> workload.path("svid").path("authority").asText())
                .distinct()
                .toList();
    }

    /** Whether every workload and every process of the cluster holds an SVID of this authority. */
    boolean allSignedBy(String keyId) {
        return signers().equals(List.of(keyId))
                && OwnSvids.signers(directory().state()).equals(Set.of(keyId));
    }

    /** How many X.509 roots a bundle has; 0 for none. */
    static int x509Roots(JsonNode bundle) {
        return (int) elements(bundle.path("keys")).stream()
                .filter(key -> "x509-svid".equals(key.path("use").asText()))
                .count();
    }

    InetSocketAddress gatewayDoor() {
        return Call.at(range.address(Loopback.GATEWAY), 15008);
    }

    InetSocketAddress gatewayMetrics() {
        return Call.at(range.address(Loopback.GATEWAY), 15020);
    }

    /** What the process of a role shows to others. */
    Path ownSvid(Role role) {
        return directory().state().resolve(directory().instance(role)).resolve("own-svid.pem");
    }

    InetSocketAddress exchangeDoor() {
        return Call.at(range.address(Loopback.CONTROL_PLANE), 15014);
    }

    String bundleEndpoint() {
        return range.address(Loopback.CONTROL_PLANE) + ":8443";
    }

    private static List<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }
}
