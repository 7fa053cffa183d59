/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.SvidSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from a registered workload to its SVID, with a registry that joins with this authority's help. */
final class RegistryTest {

    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("lubeck.example");
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/other");
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final int TRIES = 200;

    @TempDir
    private Path directory;

    private final InstantSource clock = InstantSource.system();
    private final SystemScheduler scheduler = new SystemScheduler();
    private Vertx vertx;
    private HostPort registryAddress;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            registryAddress = new HostPort("127.0.0.1", free.getLocalPort());
        }
        Files.writeString(directory.resolve("cluster.yaml"), """
                cluster: lubeck
                trustDomain: lubeck.example
                spiffe-ca:
                  listen: 127.0.0.1:0
                cluster-registry:
                  listen: %s
                """.formatted(registryAddress));
    }

    @AfterEach
    void close() throws Exception {
        scheduler.close();
        vertx.close().await();
    }

    @Test
    void aNodeGetsItsWorkloadsOnceTheRegistryIsHeardAndAfterARestartWithoutIt() throws Exception {
        ProcessContext context = context();
        RunningProcess ca = CaWiring.wire(context);
        ca.start();
        try {
            CertificateClient.Issued node = join(context, SystemIdentity.node(TRUST_DOMAIN, "n1"));
            assertThatThrownBy(() -> impersonate(ca, node, WEB))
                    .isInstanceOfSatisfying(
                            CertificateRefused.class,
                            refused -> assertThat(refused.getMessage()).contains("REGISTRY_UNHEARD"));
            CertificateClient.Issued registry = join(context, SystemIdentity.CLUSTER_REGISTRY.in(TRUST_DOMAIN));
            try (FakeRegistry fake = new FakeRegistry(registryAddress, identity(registry), workload())) {
                assertThat(whenHeard(ca, node).svid().id()).isEqualTo(WEB);
                assertThat(fake.subscriber()).isEqualTo("spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca");
                assertThatThrownBy(() -> impersonate(ca, node, OTHER)).hasMessageContaining("NOT_REGISTERED_HERE");
            }
            assertThat(impersonate(ca, node, WEB).svid().id()).isEqualTo(WEB);
        } finally {
            ca.drain(DRAIN);
        }

        ProcessContext again = context();
        RunningProcess restarted = CaWiring.wire(again);
        restarted.start();
        try {
            CertificateClient.Issued node = join(again, SystemIdentity.node(TRUST_DOMAIN, "n1"));
            assertThat(impersonate(restarted, node, WEB).svid().id()).isEqualTo(WEB);
            assertThatThrownBy(() -> impersonate(restarted, node, OTHER)).hasMessageContaining("NOT_REGISTERED_HERE");
            CertificateClient.Issued second = join(again, SystemIdentity.node(TRUST_DOMAIN, "n2"));
            assertThatThrownBy(() -> impersonate(restarted, second, WEB)).hasMessageContaining("NOT_REGISTERED_HERE");
        } finally {
            restarted.drain(DRAIN);
        }
    }

    /** Asks until the registry was heard; each try is a call over the network. */
    private CertificateClient.Issued whenHeard(RunningProcess ca, CertificateClient.Issued node) throws Exception {
        for (int i = 0; i < TRIES; i++) {
            try {
                return impersonate(ca, node, WEB);
            } catch (CertificateRefused refused) {
                assertThat(refused.getMessage()).contains("REGISTRY_UNHEARD");
                CountDownLatch later = new CountDownLatch(1);
                scheduler.after(Duration.ofMillis(100), later::countDown);
                assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
            }
        }
        throw new AssertionError("the registry was not heard");
    }

    private CertificateClient.Issued impersonate(RunningProcess ca, CertificateClient.Issued node, SpiffeId id)
            throws CertificateRefused {
        HostPort address = ca.listeners().getFirst().address();
        try (CertificateClient client = new CertificateClient(address, TRUST_DOMAIN, identity(node))) {
            return client.impersonate(id, CertificateClient.TTL_OF_CA);
        }
    }

    private MeshIdentity identity(CertificateClient.Issued issued) {
        return new MeshIdentity(
                SvidSource.fixed(issued.svid()),
                BundleSource.fixed(BundleMap.empty().with(issued.roots())),
                clock);
    }

    private CertificateClient.Issued join(ProcessContext context, SpiffeId id) throws Exception {
        Reply reply = context.control().call("POST", "/v1/join-tokens", Map.of(), "{\"spiffeId\":\"" + id + "\"}");
        String text = Json.mapper()
                .valueToTree(((Reply.Json) reply).value())
                .get("token")
                .textValue();
        return CertificateClient.join(JoinToken.parse(text), clock);
    }

    private static Workload workload() {
        return new Workload(
                "lubeck/hanse.io/Workload/shop/web-1",
                "web-1",
                "shop",
                "web",
                TRUST_DOMAIN,
                new ClusterName("lubeck"),
                "lubeck",
                "n1",
                List.of(InetAddress.ofLiteral("127.0.0.1")),
                Locality.UNKNOWN,
                true,
                1,
                new TreeMap<>(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private ProcessContext context() throws IOException {
        return CaHome.context(directory, scheduler, clock, Ticker.system(), vertx);
    }
}
