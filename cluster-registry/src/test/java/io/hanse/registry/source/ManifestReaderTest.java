/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.registry.source.Manifest.DeclaredService;
import io.hanse.registry.source.Manifest.DeclaredWorkload;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestReaderTest {

    private final Findings findings = new Findings("shop.yaml");

    private List<Manifest> read(String text) {
        return ManifestReader.read(text.getBytes(StandardCharsets.UTF_8), findings);
    }

    private List<String> problems(String text) {
        assertThat(read(text)).isEmpty();
        assertThat(findings.refused()).isTrue();
        return findings.all().stream().map(Problem::toString).toList();
    }

    private DeclaredService service(String annotations) {
        return (DeclaredService) read("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: api
                  annotations: {%s}
                spec:
                  ports: [{port: 80}]
                """.formatted(annotations)).getFirst();
    }

    @Test
    void readsEveryFieldOfAService() {
        assertThat(read("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: api-server
                  namespace: shop
                  labels: {app: x}
                  annotations:
                    hanse.io/global: "true"
                    hanse.io/affinity: local
                    example.com/other: anything
                spec:
                  type: ClusterIP
                  clusterIP: 127.9.0.1
                  selector: {app: api-server}
                  ports:
                  - {name: http, port: 80, targetPort: 8080, protocol: TCP}
                  - {name: admin, port: 81, targetPort: admin-port}
                  - {name: same, port: 82}
                """))
                .containsExactly(new DeclaredService(
                        new Place("shop.yaml", 1),
                        new ServiceName("shop", "api-server"),
                        List.of(InetAddress.ofLiteral("127.9.0.1")),
                        List.of(
                                new Manifest.Port("http", 80, new Manifest.Target.Numbered(8080)),
                                new Manifest.Port("admin", 81, new Manifest.Target.Named("admin-port")),
                                new Manifest.Port("same", 82, new Manifest.Target.Numbered(82))),
                        new java.util.TreeMap<>(Map.of("app", "api-server")),
                        true,
                        true,
                        Affinity.LOCAL));
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void readsEveryFieldOfAWorkload() {
        DeclaredWorkload workload = (DeclaredWorkload) read("""
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata:
                  name: api-1
                  namespace: shop
                  labels: {app: api}
                spec:
                  node: n1
                  addresses: [127.1.0.1, "::1"]
                  serviceAccount: api-server
                  weight: 3
                  locality: {region: eu, zone: eu-1, subzone: a}
                  healthy: false
                  ports: {http: 8080}
                  selectors: ["uid:1000", "path:/usr/bin/api"]
                  outbound:
                  - {service: shop/db, port: 5432, listen: 127.0.0.1:15432}
                  inbound:
                  - {listen: 127.0.0.1:18080, port: 8080}
                """).getFirst();
        assertThat(workload.key()).hasToString("Workload shop/api-1");
        assertThat(workload.labels()).containsEntry("app", "api");
        assertThat(workload.node()).isEqualTo("n1");
        assertThat(workload.addresses())
                .containsExactly(InetAddress.ofLiteral("127.1.0.1"), InetAddress.ofLiteral("::1"));
        assertThat(workload.serviceAccount()).isEqualTo("api-server");
        assertThat(workload.weight()).isEqualTo(3);
        assertThat(workload.locality()).isEqualTo(new Locality("eu", "eu-1", "a"));
        assertThat(workload.healthy()).isFalse();
        assertThat(workload.ports()).containsEntry("http", 8080);
        assertThat(workload.duties())
                .isEqualTo(new NodeDuties(
                        List.of("uid:1000", "path:/usr/bin/api"),
                        List.of(new NodeDuties.Outbound(
                                new HostPort("127.0.0.1", 15432), new ServiceName("shop", "db"), 5432)),
                        List.of(new NodeDuties.Inbound(new HostPort("127.0.0.1", 18080), 8080))));
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void givesAWorkloadItsDefaults() {
        DeclaredWorkload workload = (DeclaredWorkload) read("""
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: api-1}
                spec: {node: n1, address: 127.1.0.1}
                """).getFirst();
        assertThat(workload.namespace()).isEqualTo("default");
        assertThat(workload.serviceAccount()).isEqualTo("default");
        assertThat(workload.weight()).isEqualTo(1);
        assertThat(workload.healthy()).isTrue();
        assertThat(workload.locality()).isEqualTo(Locality.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hanse.io/global: "true"                                       | true  | true
            hanse.io/global: "true", hanse.io/shared: "false"             | true  | false
            hanse.io/global: "true", hanse.io/shared: "true"              | true  | true
            hanse.io/global: "false"                                      | false | false
            hanse.io/shared: "true"                                       | false | false
            service.cilium.io/global: "true"                              | true  | true
            service.cilium.io/global: "true", service.cilium.io/shared: "false" | true | false
            io.cilium/global-service: "true"                              | true  | true
            io.cilium/global-service: "true", io.cilium/shared-service: "false" | true | false
            hanse.io/global: "false", service.cilium.io/global: "true"    | false | false
            service.cilium.io/global: "false", io.cilium/global-service: "true" | false | false
            """)
    void resolvesGlobalAndSharedAsMulticluster14(String annotations, boolean global, boolean shared) {
        DeclaredService service = service(annotations);
        assertThat(service.global()).isEqualTo(global);
        assertThat(service.shared()).isEqualTo(shared);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hanse.io/affinity: local          | LOCAL
            service.cilium.io/affinity: remote| REMOTE
            io.cilium/service-affinity: none  | NONE
            io.cilium/service-affinity: local, hanse.io/affinity: remote | REMOTE
            """)
    void readsAffinityUnderEveryName(String annotations, Affinity affinity) {
        assertThat(service(annotations).affinity()).isEqualTo(affinity);
    }

    @Test
    void remarksOnSharedWithoutGlobal() {
        service("hanse.io/shared: \"true\"");
        assertThat(findings.all())
                .containsExactly(Problem.notice(
                        new Place("shop.yaml", 5),
                        "shared has no effect without global (add the annotation hanse.io/global: \"true\")"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hanse.io/globl: "true"      | shop.yaml:5: unknown annotation hanse.io/globl; did you mean hanse.io/global?
            hanse.io/global: "yes"      | shop.yaml:5: hanse.io/global: yes (expected: "true" or "false")
            hanse.io/affinity: nearby   | shop.yaml:5: hanse.io/affinity: nearby (expected: local, remote or none)
            """)
    void refusesAnAnnotationOfOursThatSaysNothing(String annotations, String problem) {
        assertThat(problems("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: api
                  annotations: {%s}
                spec:
                  ports: [{port: 80}]
                """.formatted(annotations))).containsExactly(problem);
    }

    @Test
    void remarksOnAnAnnotationOfCiliumThatIsNotHonoured() {
        service("service.cilium.io/lb-algorithm: maglev");
        assertThat(findings.all())
                .containsExactly(Problem.notice(
                        new Place("shop.yaml", 5), "annotation service.cilium.io/lb-algorithm is not honoured"));
    }

    @Test
    void refusesWhatAServiceCannotBe() {
        assertThat(problems("""
                apiVersion: v1
                kind: Service
                metadata: {name: Api, namespace: shop}
                spec:
                  selecter: {app: api}
                  type: ExternalName
                  ports:
                  - {port: 53, protocol: UDP}
                  - {name: b, port: 70000}
                  - {name: c}
                  - {name: b, port: 53}
                """))
                .containsExactlyInAnyOrder(
                        "shop.yaml:3: name: Api (expected: lower-case letters, digits and -)",
                        "shop.yaml:5: unknown key spec.selecter; did you mean selector?",
                        "shop.yaml:6: type: ExternalName has no endpoints here (expected: ClusterIP)",
                        "shop.yaml:8: protocol: UDP cannot be carried (expected: TCP)",
                        "shop.yaml:8: name: missing (expected: a name for each port where there are several)",
                        "shop.yaml:9: spec.ports[1].port: 70000 (expected: 1 to 65535)",
                        "shop.yaml:10: port: missing (expected: 1 to 65535)",
                        "shop.yaml:11: name: b is used twice",
                        "shop.yaml:11: port: 53 is used twice");
    }

    @Test
    void refusesWhatAWorkloadCannotBe() {
        assertThat(problems("""
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: x, namespace: hanse-system}
                spec:
                  node: a/b
                  address: localhost
                  serviceAccount: ..
                  weight: 0
                  healthy: maybe
                  selectors: ["user:root"]
                  outbound:
                  - {service: db, port: 5432, listen: 127.0.0.1}
                  inbound:
                  - {listen: "127.0.0.1:1"}
                  adress: 127.0.0.1
                """))
                .containsExactlyInAnyOrder(
                        "shop.yaml:3: namespace hanse-system is reserved for Hanse's own processes (expected: another namespace)",
                        "shop.yaml:5: node: a/b (expected: letters, digits, . _ -, as in a SPIFFE ID)",
                        "shop.yaml:6: spec.address: localhost (expected: an IP address)",
                        "shop.yaml:7: serviceAccount: .. (expected: letters, digits, . _ -, as in a SPIFFE ID)",
                        "shop.yaml:8: spec.weight: 0 (expected: 1 to 1000)",
                        "shop.yaml:9: spec.healthy: maybe (expected: true or false)",
                        "shop.yaml:10: selectors: user:root (expected: uid:<n>, gid:<n>, path:/<file> or sha256:<64 hex digits>)",
                        "shop.yaml:12: service: db (expected: namespace/name)",
                        "shop.yaml:12: address: 127.0.0.1 (expected: host:port)",
                        "shop.yaml:14: spec.inbound[0].port: missing",
                        "shop.yaml:15: unknown key spec.adress; did you mean address?");
    }

    @Test
    void refusesUnknownKindsOfOursAndPassesOverForeignOnes() {
        read("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: x}
                ---
                apiVersion: v1
                kind: ConfigMap
                """);
        assertThat(findings.refused()).isFalse();
        assertThat(findings.all())
                .containsExactly(
                        Problem.notice(new Place("shop.yaml", 2), "kind Deployment of apps/v1 is not read here"),
                        Problem.notice(new Place("shop.yaml", 6), "kind ConfigMap of v1 is not read here"));
        assertThat(problems("""
                apiVersion: hanse.io/v1alpha1
                kind: Worklod
                ---
                apiVersion: v1
                kind: Servcie
                ---
                apiVersion: hanse.io/v1
                kind: Workload
                ---
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                ---
                kind: Service
                """))
                .contains(
                        "shop.yaml:2: unknown kind Worklod of hanse.io/v1alpha1; did you mean Workload?",
                        "shop.yaml:5: unknown kind Servcie of v1; did you mean Service?",
                        "shop.yaml:7: unknown apiVersion hanse.io/v1 of kind Workload",
                        "shop.yaml:11: unknown kind RequestAuthentication of security.istio.io/v1",
                        "shop.yaml:13: apiVersion: missing");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThat(problems("apiVersion: v1\nkind: [Service\nmetadata: x\n").getFirst())
                .startsWith("shop.yaml:3: not YAML: ");
        assertThat(ManifestReader.read(new byte[] {(byte) 0xff}, findings)).isEmpty();
        assertThat(findings.all()).contains(Problem.of(new Place("shop.yaml", 1), "not UTF-8 text"));
    }

    @Test
    void oneRefusedDocumentRefusesItsFile() {
        assertThat(problems("""
                apiVersion: v1
                kind: Service
                metadata: {name: good}
                spec: {ports: [{port: 80}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: bad}
                spec: {ports: [{port: 0}]}
                """)).containsExactly("shop.yaml:9: spec.ports[0].port: 0 (expected: 1 to 65535)");
    }
}
