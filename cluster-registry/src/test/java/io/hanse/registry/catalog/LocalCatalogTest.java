/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Connection;
import io.hanse.model.policy.Decision;
import io.hanse.model.policy.PolicyName;
import io.hanse.registry.source.Problem;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCatalogTest {

    private static final TrustDomain OWN = new TrustDomain("lubeck.example");
    private static final ClusterFacts FACTS = new ClusterFacts(new ClusterName("lubeck"), OWN, "lubeck");
    private static final String API = "lubeck/hanse.io/Workload/shop/api-1";

    private static LocalCatalog resolve(String yaml) {
        return LocalCatalog.of(ManifestsOf.yaml(yaml), FACTS);
    }

    private static Workload api(LocalCatalog local) {
        return local.image().workload(API).orElseThrow();
    }

    /** Whether api-1 admits a caller; an empty path is a caller in plain text. */
    private static boolean admits(LocalCatalog local, String callerPath, int port) {
        Optional<SpiffeId> caller =
                callerPath.isEmpty() ? Optional.empty() : Optional.of(new SpiffeId(OWN, callerPath));
        Connection connection =
                new Connection(caller, InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.1.0.1"), port);
        return local.image().policySetOf(api(local), OWN).decide(connection) instanceof Decision.Allowed;
    }

    @Test
    void selectorsMakeWorkloadsServe() {
        LocalCatalog local = resolve(
                service("api", "") + workload("api-1", "api", "127.1.0.1") + workload("web-1", "web", "127.1.0.2"));
        assertThat(local.problems()).isEmpty();
        assertThat(api(local).services()).containsOnlyKeys(new ServiceName("shop", "api"));
        assertThat(api(local).spiffeId()).hasToString("spiffe://lubeck.example/ns/shop/sa/api");
        assertThat(local.image().endpointsOf(new ServiceName("shop", "api")))
                .extracting(Workload::uid)
                .containsExactly(API);
    }

    @Test
    void namedTargetPortsResolveByWorkload() {
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: api, namespace: shop}
                spec:
                  selector: {app: api}
                  ports: [{port: 80, targetPort: http}]
                """;
        LocalCatalog local = resolve(service + workload("api-1", "api", "127.1.0.1") + "  ports: {http: 8081}\n"
                + workload("api-2", "api", "127.1.0.2"));
        assertThat(api(local).services().get(new ServiceName("shop", "api")))
                .containsExactly(new ServicePort("", 80, 8081));
        assertThat(local.image().endpointsOf(new ServiceName("shop", "api"))).hasSize(1);
        assertThat(local.problems())
                .singleElement()
                .asString()
                .isEqualTo(
                        "all.yaml:18: Workload shop/api-2 has no port named http, which service shop/api (all.yaml:1) leads to; it does not serve it (add it to spec.ports)");
    }

    @Test
    void twoWorkloadsCannotShareAnAddress() {
        LocalCatalog local = resolve(workload("api-1", "api", "127.1.0.1") + workload("api-2", "api", "127.1.0.1"));
        assertThat(local.image().workloads()).containsOnlyKeys(API);
        assertThat(local.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "all.yaml:11: Workload shop/api-2 has the address 127.1.0.1 of the workload at all.yaml:2; the first is kept");
    }

    @Test
    void remarksOnACallToAServiceThatIsNotThere() {
        LocalCatalog local = resolve(workload("api-1", "api", "127.1.0.1")
                + "  outbound: [{service: shop/db, port: 1, listen: \"127.0.0.1:9\"}]\n");
        assertThat(local.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.NOTICE);
            assertThat(problem.message())
                    .isEqualTo(
                            "Workload shop/api-1 calls service shop/db, which is not declared here (a peer's service needs one of the same name here)");
        });
    }

    @Test
    void policiesReachWorkloadsBySelectorNamespaceAndMesh() {
        String policy = """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: only-web, namespace: shop}
                spec:
                  selector: {matchLabels: {app: api}}
                  rules: [{from: [{source: {serviceAccounts: [web]}}]}]
                """;
        LocalCatalog local = resolve(workload("api-1", "api", "127.1.0.1") + policy);
        assertThat(api(local).policies()).contains(new PolicyName("shop", "only-web"));
        assertThat(admits(local, "/ns/shop/sa/web", 8080)).isTrue();
        assertThat(admits(local, "/ns/shop/sa/guest", 8080)).isFalse();
        assertThat(admits(local, "", 8080)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            none                     |            |                              | false | false
            mesh PERMISSIVE          | PERMISSIVE |                              | true  | true
            namespace over mesh      | PERMISSIVE | STRICT                       | false | false
            namespace PERMISSIVE     |            | PERMISSIVE                   | true  | true
            """)
    void peerAuthenticationDecidesAboutPlainText(
            String name, String mesh, String namespace, boolean port8080, boolean port9090) {
        String yaml = workload("api-1", "api", "127.1.0.1")
                + (mesh == null ? "" : peerAuthentication("m", "hanse-system", "mtls: {mode: " + mesh + "}"))
                + (namespace == null ? "" : peerAuthentication("n", "shop", "mtls: {mode: " + namespace + "}"));
        LocalCatalog local = resolve(yaml);
        assertThat(admits(local, "", 8080)).as(name).isEqualTo(port8080);
        assertThat(admits(local, "", 9090)).as(name).isEqualTo(port9090);
        assertThat(admits(local, "/ns/shop/sa/web", 8080)).isTrue();
    }

    @Test
    void strictWithAPermissivePortAndTheOtherWayRound() {
        String selector = "selector: {matchLabels: {app: api}}\n  ";
        LocalCatalog strict = resolve(workload("api-1", "api", "127.1.0.1")
                + peerAuthentication(
                        "p", "shop", selector + "mtls: {mode: STRICT}\n  portLevelMtls: {9090: {mode: PERMISSIVE}}"));
        assertThat(api(strict).policies()).containsExactly(new PolicyName("shop", "converted_peer_authentication_p"));
        assertThat(admits(strict, "", 8080)).isFalse();
        assertThat(admits(strict, "", 9090)).isTrue();
        LocalCatalog permissive = resolve(workload("api-1", "api", "127.1.0.1")
                + peerAuthentication(
                        "p", "shop", selector + "mtls: {mode: PERMISSIVE}\n  portLevelMtls: {9090: {mode: STRICT}}"));
        assertThat(admits(permissive, "", 8080)).isTrue();
        assertThat(admits(permissive, "", 9090)).isFalse();
        assertThat(admits(permissive, "/ns/shop/sa/web", 9090)).isTrue();
    }

    @Test
    void theDefaultIsTheStaticStrictPolicy() {
        LocalCatalog local = resolve(workload("api-1", "api", "127.1.0.1"));
        assertThat(api(local).policies())
                .isEqualTo(List.of(new PolicyName("hanse-system", "istio_converted_static_strict")));
        assertThat(local.image().policies()).hasSize(1);
    }

    private static String peerAuthentication(String name, String namespace, String spec) {
        return """
                ---
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: %s, namespace: %s}
                spec:
                  %s
                """.formatted(name, namespace, spec);
    }
}
