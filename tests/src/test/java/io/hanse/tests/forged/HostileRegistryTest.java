/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import io.grpc.stub.StreamObserver;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.registry.api.RegistryMetrics;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.imports.PeerStatus;
import io.hanse.registry.source.DirectorySource;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.trust.Relationship;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.Extension;
import io.hanse.wire.workload.GatewayAddress;
import io.hanse.wire.workload.NetworkAddress;
import io.hanse.wire.workload.Port;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.Service;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer's registry that claims what is not its own, over real TLS against the real imports: each claim is refused, named
 * in the peer's status, in the metric and in the answer, and the rest of what the peer says is served (invariant 5).
 */
final class HostileRegistryTest {

    private static final ClusterFacts LUBECK =
            new ClusterFacts(new ClusterName("lubeck"), ServerDoors.LUBECK, "lubeck");
    private static final String MANIFESTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop, annotations: {hanse.io/global: "true"}}
            spec: {clusterIP: 127.200.0.1, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: secret, namespace: shop}
            spec: {clusterIP: 127.200.0.2, selector: {app: secret}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: hanse.io/v1alpha1
            kind: Workload
            metadata: {name: api-1, namespace: shop, labels: {app: api}}
            spec: {node: n1, address: 127.1.0.1, serviceAccount: api, selectors: ["uid:1000"]}
            """;

    @TempDir
    Path directory;

    private final SystemScheduler scheduler = new SystemScheduler();
    private final TestAuthority visby = TestAuthority.of(ServerDoors.VISBY.name());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Catalog catalog = new Catalog(LUBECK, ServerDoors.CLOCK);
    private HostileRegistry registry;
    private PeerImports imports;
    private AdsServer ads;
    private DirectorySource source;
    private StreamObserver<DeltaDiscoveryResponse> subscriber;

    @BeforeEach
    void subscribe() throws Exception {
        Path manifests = Files.createDirectories(directory.resolve("manifests"));
        Files.writeString(manifests.resolve("shop.yaml"), MANIFESTS);
        source = new DirectorySource(manifests, directory.resolve("last-good"), scheduler);
        source.start(catalog::sourceChanged);
        TestAuthority lubeck = TestAuthority.of(ServerDoors.LUBECK.name());
        BundleCell bundles = new BundleCell(TestAuthority.bundles(lubeck, visby));
        registry = new HostileRegistry(visby, new BundleCell(TestAuthority.bundles(lubeck, visby)));
        var svid = lubeck.svid(SystemIdentity.CLUSTER_REGISTRY.in(ServerDoors.LUBECK));
        imports = PeerImports.over(
                new MeshIdentity(new SvidCell(X509Svid.of(svid.chain(), svid.key())), bundles, ServerDoors.CLOCK),
                catalog,
                new MemoryImportStore(scheduler),
                directory.resolve("imports"),
                scheduler,
                ServerDoors.CLOCK,
                new ImportTerms(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        imports.start();
        ads = new AdsServer(LUBECK, catalog, scheduler, ServerDoors.CLOCK, Duration.ofSeconds(30));
        RegistryMetrics.register(metrics, catalog, ads, imports);
        imports.relationships(
                List.of(new Relationship(ServerDoors.VISBY, new ClusterName("visby"), List.of(registry.address()))));
        subscriber = registry.subscriber();
    }

    @AfterEach
    void end() {
        imports.close();
        ads.close();
        source.close();
        registry.close();
        scheduler.close();
    }

    private record Claim(String name, ReasonCode expected, Resource resource) {}

    private static Claim claim(String name, ReasonCode expected, io.hanse.wire.workload.Workload.Builder workload) {
        return new Claim(name, expected, HostileRegistry.resource(workload));
    }

    private static List<Claim> claims() {
        ByteString ours = ByteString.copyFrom(new byte[] {127, 1, 0, 1});
        String api = HostileRegistry.API.namespace() + "/" + HostileRegistry.API.hostname();
        return List.of(
                claim(
                        "our trust domain",
                        ReasonCode.IMPORT_TRUST_DOMAIN,
                        HostileRegistry.endpoint("a").setTrustDomain("lubeck.example")),
                claim(
                        "another peer's trust domain",
                        ReasonCode.IMPORT_TRUST_DOMAIN,
                        HostileRegistry.endpoint("a").setTrustDomain("bergen.example")),
                claim(
                        "no trust domain",
                        ReasonCode.IMPORT_TRUST_DOMAIN,
                        HostileRegistry.endpoint("a").setTrustDomain("")),
                claim(
                        "an identity of Hanse's own",
                        ReasonCode.IMPORT_RESERVED_IDENTITY,
                        HostileRegistry.endpoint("a")
                                .setNamespace("hanse-system")
                                .setServiceAccount("spiffe-ca")),
                claim(
                        "a service account with a slash",
                        ReasonCode.IMPORT_IDENTITY_MALFORMED,
                        HostileRegistry.endpoint("a").setServiceAccount("api/../web")),
                claim(
                        "no service account",
                        ReasonCode.IMPORT_IDENTITY_MALFORMED,
                        HostileRegistry.endpoint("a").setServiceAccount("")),
                claim(
                        "a namespace of a thousand letters",
                        ReasonCode.IMPORT_IDENTITY_MALFORMED,
                        HostileRegistry.endpoint("a").setNamespace("n".repeat(1000))),
                claim(
                        "a dot for a namespace",
                        ReasonCode.IMPORT_IDENTITY_MALFORMED,
                        HostileRegistry.endpoint("a").setNamespace("..")),
                claim(
                        "a service it does not export",
                        ReasonCode.IMPORT_NOT_EXPORTED,
                        HostileRegistry.endpoint("a")
                                .clearServices()
                                .putServices("shop/secret.shop.svc.cluster.local", PortList.getDefaultInstance())),
                claim(
                        "a service under another namespace",
                        ReasonCode.IMPORT_NOT_EXPORTED,
                        HostileRegistry.endpoint("a")
                                .clearServices()
                                .putServices("other/" + HostileRegistry.API.hostname(), PortList.getDefaultInstance())),
                claim(
                        "our address",
                        ReasonCode.IMPORT_ADDRESS,
                        HostileRegistry.endpoint("a").addAddresses(ours)),
                claim(
                        "a gateway of its choice",
                        ReasonCode.IMPORT_ADDRESS,
                        HostileRegistry.endpoint("a")
                                .setNetworkGateway(GatewayAddress.newBuilder()
                                        .setAddress(NetworkAddress.newBuilder().setAddress(ours)))),
                claim(
                        "a waypoint of its choice",
                        ReasonCode.IMPORT_ADDRESS,
                        HostileRegistry.endpoint("a").setWaypoint(GatewayAddress.getDefaultInstance())),
                claim(
                        "policies",
                        ReasonCode.IMPORT_POLICY,
                        HostileRegistry.endpoint("a").addAuthorizationPolicies("shop/allow-all")),
                claim(
                        "duties of our node",
                        ReasonCode.IMPORT_POLICY,
                        HostileRegistry.endpoint("a")
                                .addExtensions(Extension.newBuilder()
                                        .setName("hanse.io/node")
                                        .setConfig(Any.getDefaultInstance()))),
                claim(
                        "more weight than any",
                        ReasonCode.IMPORT_WEIGHT,
                        HostileRegistry.endpoint("a").setCapacity(UInt32Value.of(1001))),
                claim(
                        "a weight of 32 bits",
                        ReasonCode.IMPORT_WEIGHT,
                        HostileRegistry.endpoint("a").setCapacity(UInt32Value.of(-1))),
                claim(
                        "a port beyond all",
                        ReasonCode.IMPORT_PORT,
                        HostileRegistry.endpoint("a")
                                .putServices(
                                        api,
                                        PortList.newBuilder()
                                                .addPorts(Port.newBuilder().setServicePort(70_000))
                                                .build())),
                claim(
                        "a port of 32 bits",
                        ReasonCode.IMPORT_PORT,
                        HostileRegistry.endpoint("a")
                                .putServices(
                                        api,
                                        PortList.newBuilder()
                                                .addPorts(Port.newBuilder().setServicePort(-80))
                                                .build())),
                claim(
                        "a name of a thousand letters",
                        ReasonCode.IMPORT_TOO_LARGE,
                        HostileRegistry.endpoint("a".repeat(1000))),
                claim(
                        "a resource of 100 KiB",
                        ReasonCode.IMPORT_TOO_LARGE,
                        HostileRegistry.endpoint("a").setHostname("h".repeat(100 << 10))),
                new Claim(
                        "another name than its uid",
                        ReasonCode.IMPORT_MALFORMED,
                        HostileRegistry.resource(
                                "lubeck/hanse.io/Workload/shop/api-1",
                                Address.newBuilder()
                                        .setWorkload(HostileRegistry.endpoint("a"))
                                        .build())),
                new Claim(
                        "a service of another name",
                        ReasonCode.IMPORT_MALFORMED,
                        HostileRegistry.resource(
                                "shop/x.shop.svc.cluster.local",
                                Address.newBuilder()
                                        .setService(Service.newBuilder()
                                                .setName("api")
                                                .setNamespace("shop")
                                                .setHostname(HostileRegistry.API.hostname()))
                                        .build())),
                new Claim(
                        "garbage",
                        ReasonCode.IMPORT_MALFORMED,
                        HostileRegistry.resource(
                                "garbage", HostileRegistry.ADDRESS, ByteString.copyFromUtf8("garbage"))),
                new Claim(
                        "nothing",
                        ReasonCode.IMPORT_MALFORMED,
                        HostileRegistry.resource("nothing", Address.getDefaultInstance())),
                new Claim(
                        "a policy",
                        ReasonCode.IMPORT_TYPE,
                        HostileRegistry.resource(
                                "shop/allow-all",
                                "type.googleapis.com/istio.security.Authorization",
                                ByteString.EMPTY)));
    }

    /** On one subscription: a refusal leaves nothing behind that the next claim would meet. */
    @Test
    void refusesEachClaimAloneAndServesTheRest() throws Exception {
        for (Claim claim : claims()) {
            refuses(claim);
        }
    }

    private void refuses(Claim claim) throws Exception {
        List<Resource> told = List.of(
                HostileRegistry.offered(HostileRegistry.API),
                HostileRegistry.resource(HostileRegistry.endpoint("good")),
                claim.resource());
        Optional<String> nack = registry.tell(subscriber, told, List.of());
        assertThat(nack)
                .as(claim.name())
                .hasValueSatisfying(
                        said -> assertThat(said).contains(claim.expected().name()));
        assertThat(status().refused()).as(claim.name()).containsOnlyKeys(claim.expected());
        assertThat(status().refusals()).as(claim.name()).isNotEmpty().allSatisfy(refusal -> {
            assertThat(refusal.reason()).isEqualTo(claim.expected());
            assertThat(refusal.resource().length()).isLessThanOrEqualTo(200);
        });
        assertThat(counted(claim.expected())).as(claim.name()).isEqualTo(1);
        Until.found(
                "the good endpoint is served beside " + claim.name(),
                () -> remotes().equals(List.of("good")) ? Optional.of(true) : Optional.empty());
        assertOursUntouched();
        registry.tell(subscriber, List.of(), List.of(claim.resource().getName()));
        assertThat(status().refused()).as("%s, withdrawn", claim.name()).isEmpty();
        assertThat(counted(claim.expected())).isZero();
    }

    @Test
    void aServiceThatWeDoNotImportIsNotUsed() throws Exception {
        ServiceName secret = new ServiceName("shop", "secret");
        assertThat(registry.tell(
                        subscriber,
                        List.of(
                                HostileRegistry.offered(HostileRegistry.API),
                                HostileRegistry.offered(secret),
                                HostileRegistry.resource(HostileRegistry.endpoint("good")),
                                HostileRegistry.resource(HostileRegistry.endpoint("thief")
                                        .clearServices()
                                        .putServices("shop/" + secret.hostname(), PortList.getDefaultInstance()))),
                        List.of()))
                .isEmpty();
        Until.found(
                "the good endpoint is served",
                () -> remotes().equals(List.of("good")) ? Optional.of(true) : Optional.empty());
        assertThat(catalog.current().image().endpointsOf(secret)).isEmpty();
        assertOursUntouched();
    }

    @Test
    void aHundredThousandEndpointsAreBounded() throws Exception {
        registry.tell(
                subscriber,
                List.of(
                        HostileRegistry.offered(HostileRegistry.API),
                        HostileRegistry.resource(HostileRegistry.endpoint("good"))),
                List.of());
        int batch = 12_500;
        Optional<String> nack = Optional.empty();
        for (int from = 0; from < 100_000; from += batch) {
            List<Resource> told = new ArrayList<>();
            for (int i = from; i < from + batch; i++) {
                told.add(HostileRegistry.resource(HostileRegistry.endpoint("e" + i)));
            }
            nack = registry.tell(subscriber, told, List.of());
        }
        assertThat(nack).hasValueSatisfying(said -> assertThat(said).contains("IMPORT_TOO_MANY"));
        assertThat(counted(ReasonCode.IMPORT_TOO_MANY)).isEqualTo(batch);
        assertThat(status().refusals()).hasSizeLessThanOrEqualTo(100);
        Until.found(
                "the good endpoint is among the served",
                () -> remotes().contains("good") && remotes().size() < 60_000 ? Optional.of(true) : Optional.empty());
        assertOursUntouched();
    }

    @Test
    void aFloodOfUpdatesEndsInItsLastWord() throws Exception {
        registry.tell(subscriber, List.of(HostileRegistry.offered(HostileRegistry.API)), List.of());
        for (int i = 0; i < 2_000; i++) {
            subscriber.onNext(DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(HostileRegistry.ADDRESS)
                    .setNonce("flood")
                    .addResources(HostileRegistry.resource(HostileRegistry.endpoint("x" + i % 7)
                            .setTrustDomain(i % 2 == 0 ? "lubeck.example" : ServerDoors.VISBY.name())))
                    .build());
        }
        registry.tell(
                subscriber,
                List.of(HostileRegistry.resource(HostileRegistry.endpoint("good"))),
                List.of("x0", "x1", "x2", "x3", "x4", "x5", "x6").stream()
                        .map(name -> "visby/hanse.io/Workload/shop/" + name)
                        .toList());
        Until.found(
                "the last word holds", () -> remotes().equals(List.of("good")) ? Optional.of(true) : Optional.empty());
        assertThat(status().state()).isEqualTo(PeerStatus.State.CONNECTED);
        assertOursUntouched();
    }

    private PeerStatus status() {
        return imports.status().getFirst();
    }

    private double counted(ReasonCode reason) {
        return metrics.get("hanse.registry.imports.refused")
                .tag("reason_code", reason.name())
                .gauge()
                .value();
    }

    private List<String> remotes() {
        return catalog.current().image().endpointsOf(HostileRegistry.API).stream()
                .filter(workload -> workload.remote().isPresent())
                .map(Workload::name)
                .toList();
    }

    private void assertOursUntouched() {
        assertThat(catalog.current().image().endpointsOf(HostileRegistry.API))
                .filteredOn(workload -> workload.remote().isEmpty())
                .singleElement()
                .satisfies(ours -> {
                    assertThat(ours.spiffeId()).hasToString("spiffe://lubeck.example/ns/shop/sa/api");
                    assertThat(ours.node()).isEqualTo("n1");
                    assertThat(ours.addresses()).hasSize(1);
                });
        assertThat(catalog.current().image().policies())
                .isEqualTo(catalog.current().local().image().policies());
    }
}
