/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Scope;
import io.hanse.model.testing.Until;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.wire.security.Authorization;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.Node;
import io.hanse.wire.xds.Resource;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog that a real stream builds and a real file keeps. */
class CatalogClientTest {

    private static final ServiceName API = new ServiceName("shop", "api");
    private static final PolicyName ONLY_WEB = new PolicyName("shop", "only-web");
    private static final AuthorizationPolicy POLICY =
            new AuthorizationPolicy(ONLY_WEB, Scope.NAMESPACE, Action.DENY, List.of(), false);

    @TempDir
    Path state;

    private final WdsCodec codec = new WdsCodec("lubeck");
    private final ManualScheduler scheduler = new ManualScheduler(new ManualClock(Instant.EPOCH));
    private final FakeRegistry registry = new FakeRegistry();
    private Readiness readiness = new Readiness(InstantSource.system());
    private final List<CatalogClient> begun = new ArrayList<>();

    CatalogClientTest() throws Exception {}

    @AfterEach
    void stop() {
        begun.forEach(CatalogClient::close);
        registry.close();
    }

    private CatalogClient begin() {
        readiness = new Readiness(InstantSource.system());
        CatalogClient client = new CatalogClient(
                registry::channel, Node.getDefaultInstance(), state, codec, scheduler, readiness.task("catalog"));
        begun.add(client);
        return client;
    }

    private FakeRegistry.Session started(CatalogClient client) throws Exception {
        client.start();
        FakeRegistry.Session session = registry.next();
        session.heard();
        session.heard();
        return session;
    }

    private static Service service() {
        return new Service(API, List.of(), List.of(new ServicePort("", 80, 8080)), false, false, Affinity.NONE);
    }

    private static Workload workload(String name) {
        return new Workload(
                "lubeck/hanse.io/Workload/shop/" + name,
                name,
                "shop",
                "api",
                new TrustDomain("lubeck.example"),
                new ClusterName("lubeck"),
                "lubeck",
                "n1",
                List.of(InetAddress.ofLiteral("127.1.0.1")),
                Locality.UNKNOWN,
                true,
                1,
                new TreeMap<>(Map.of(API, List.of(new ServicePort("", 80, 8080)))),
                List.of(ONLY_WEB),
                Optional.empty(),
                Optional.empty());
    }

    private static Resource nonsense(String typeUrl, String name) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion("bad")
                .setResource(Any.newBuilder().setTypeUrl(typeUrl).setValue(ByteString.copyFromUtf8("\u0007nonsense")))
                .build();
    }

    /** A policy with an action that is not known here. */
    private static Resource strange(PolicyName name) {
        Authorization message = Authorization.newBuilder()
                .setNamespace(name.namespace())
                .setName(name.name())
                .setActionValue(77)
                .build();
        return XdsTypes.resource(XdsTypes.AUTHORIZATION, name.toString(), message);
    }

    private static DeltaDiscoveryRequest answer(
            FakeRegistry.Session session, String typeUrl, List<Resource> resources, List<String> removed)
            throws Exception {
        session.say(typeUrl, "n", resources, removed);
        return session.heard();
    }

    @Test
    void whatIsReadableIsInUseAndTheRestIsRefusedByName() throws Exception {
        CatalogClient client = begin();
        FakeRegistry.Session session = started(client);
        DeltaDiscoveryRequest nack = answer(
                session,
                XdsTypes.ADDRESS,
                List.of(codec.encode(service()), nonsense(XdsTypes.ADDRESS, "odd"), codec.encode(workload("a"))),
                List.of());
        assertThat(nack.getErrorDetail().getMessage()).startsWith("odd: ");
        CatalogImage image = client.current();
        assertThat(image.service(API)).isPresent();
        assertThat(image.endpointsOf(API)).extracting(Workload::name).containsExactly("a");
        assertThat(readiness.ready()).isFalse();
        answer(session, XdsTypes.AUTHORIZATION, List.of(AuthorizationCodec.encode(POLICY)), List.of());
        Until.holds(readiness::ready);
        assertThat(client.connected()).isTrue();
        assertThat(client.current().policies()).containsOnlyKeys(ONLY_WEB);
    }

    @Test
    void aPolicyThatCannotBeReadClosesAndIsAskedForAgain() throws Exception {
        CatalogClient client = begin();
        FakeRegistry.Session session = started(client);
        DeltaDiscoveryRequest nack = answer(session, XdsTypes.AUTHORIZATION, List.of(strange(ONLY_WEB)), List.of());
        assertThat(nack.getErrorDetail().getMessage()).startsWith("shop/only-web: ");
        assertThat(client.current().policies().get(ONLY_WEB))
                .isEqualTo(new AuthorizationPolicy(ONLY_WEB, Scope.GLOBAL, Action.ALLOW, List.of(), false));
        session.end(Status.UNAVAILABLE);
        Until.holds(() -> {
            scheduler.advance(Duration.ofSeconds(5));
            return !registry.nobodyCame();
        });
        FakeRegistry.Session again = registry.next();
        assertThat(again.heard().getInitialResourceVersionsMap()).isEmpty();
        assertThat(again.heard().getInitialResourceVersionsMap()).isEmpty();
        // The last readable one stands against an unreadable successor.
        answer(again, XdsTypes.AUTHORIZATION, List.of(AuthorizationCodec.encode(POLICY)), List.of());
        answer(again, XdsTypes.AUTHORIZATION, List.of(strange(ONLY_WEB)), List.of());
        assertThat(client.current().policies().get(ONLY_WEB)).isEqualTo(POLICY);
        answer(again, XdsTypes.AUTHORIZATION, List.of(), List.of("shop/only-web"));
        assertThat(client.current().policies()).isEmpty();
    }

    @Test
    void aRestartServesTheKeptCatalogAndHearsWhatIsGone() throws Exception {
        CatalogClient client = begin();
        FakeRegistry.Session session = started(client);
        List<Resource> told =
                List.of(codec.encode(service()), codec.encode(workload("a")), codec.encode(workload("b")));
        answer(session, XdsTypes.ADDRESS, told, List.of());
        answer(session, XdsTypes.AUTHORIZATION, List.of(AuthorizationCodec.encode(POLICY)), List.of());
        client.close();
        CatalogImage before = client.current();

        CatalogClient after = begin();
        assertThat(after.current()).isEqualTo(before);
        assertThat(readiness.ready()).isTrue();
        assertThat(after.connected()).isFalse();
        after.start();
        FakeRegistry.Session again = registry.next();
        // Policies first: no workload is known here before what guards it.
        assertThat(again.heard().getInitialResourceVersionsMap()).containsOnlyKeys("shop/only-web");
        assertThat(again.heard().getInitialResourceVersionsMap())
                .hasSize(3)
                .containsEntry(told.getFirst().getName(), told.getFirst().getVersion());
        answer(
                again,
                XdsTypes.ADDRESS,
                List.of(),
                List.of(told.get(0).getName(), told.get(2).getName(), "never"));
        assertThat(after.current().service(API)).isEmpty();
        assertThat(after.current().endpointsOf(API)).extracting(Workload::name).containsExactly("a");
    }

    @Test
    @DisplayName("a change is on disk at once, those that follow it closely after a rest, the last ones when it ends")
    void whatCameLastIsWrittenWithoutDelay() throws Exception {
        CatalogClient client = begin();
        FakeRegistry.Session session = started(client);
        answer(session, XdsTypes.ADDRESS, List.of(codec.encode(workload("a"))), List.of());
        scheduler.advance(Duration.ZERO);
        assertThat(kept()).containsExactly("a");
        answer(session, XdsTypes.ADDRESS, List.of(codec.encode(workload("b"))), List.of());
        answer(session, XdsTypes.ADDRESS, List.of(codec.encode(workload("c"))), List.of());
        scheduler.advance(Duration.ofMillis(49));
        assertThat(kept()).containsExactly("a");
        scheduler.advance(Duration.ofMillis(1));
        assertThat(kept()).containsExactly("a", "b", "c");
        answer(session, XdsTypes.ADDRESS, List.of(codec.encode(workload("d"))), List.of());
        client.close();
        assertThat(kept()).containsExactly("a", "b", "c", "d");
    }

    private List<String> kept() {
        return begin().current().workloads().values().stream()
                .map(Workload::name)
                .sorted()
                .toList();
    }

    @Test
    void aKeptCatalogThatCannotBeReadIsPassedOver() throws Exception {
        Files.writeString(state.resolve("catalog.bin"), "nonsense, and more of it");
        CatalogClient client = begin();
        FakeRegistry.Session session = started(client);
        assertThat(client.current()).isEqualTo(CatalogImage.empty());
        answer(session, XdsTypes.ADDRESS, List.of(codec.encode(workload("a"))), List.of());
        assertThat(client.current().workloads()).hasSize(1);
    }
}
