/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import io.hanse.model.catalog.EndpointId;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.Service;
import io.hanse.wire.xds.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportsTest {

    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final ServiceName API = new ServiceName("shop", "api");
    private static final HostPort FIRST = new HostPort("127.0.0.1", 15008);
    private static final HostPort SECOND = new HostPort("127.0.0.2", 15008);
    private static final Relationship BERGEN =
            new Relationship(PEER, new ClusterName("bergen"), List.of(FIRST, SECOND));
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

    @TempDir
    Path state;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Catalog catalog = new Catalog(
            new ClusterFacts(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), "lubeck"), clock);
    private final MemoryImportStore store = new MemoryImportStore(scheduler);
    private final List<Dialled> dialled = new ArrayList<>();
    private PeerImports imports = newImports(Path.of("unused"));

    private record Dialled(
            HostPort gateway, Map<String, String> known, PeerLink.Listener listener, AtomicBoolean closed) {}

    private PeerImports newImports(Path kept) {
        return new PeerImports(
                catalog,
                store,
                new KeptImports(kept, store, scheduler),
                (peer, gateway, known, listener) -> {
                    Dialled link = new Dialled(gateway, known, listener, new AtomicBoolean());
                    dialled.add(link);
                    return () -> link.closed().set(true);
                },
                scheduler,
                clock,
                new ImportTerms(LEASE, LONGEST_HOLD),
                RandomGenerator.of("L64X128MixRandom"));
    }

    @BeforeEach
    void start() {
        imports = newImports(state);
        catalog.sourceChanged(
                ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.1")));
        imports.start();
        imports.relationships(List.of(BERGEN));
    }

    private Dialled link() {
        return dialled.getLast();
    }

    private List<Refusal> tell(Resource... resources) {
        List<Refusal> refused = link().listener().received(List.of(resources), List.of());
        scheduler.runDue();
        return refused;
    }

    private PeerStatus status() {
        return imports.status().getFirst();
    }

    private List<Workload> remotes() {
        return catalog.current().image().endpointsOf(API).stream()
                .filter(workload -> workload.remote().isPresent())
                .toList();
    }

    static Resource offered(ServiceName name) {
        return resource(
                name.namespace() + "/" + name.hostname(),
                Address.newBuilder()
                        .setService(Service.newBuilder()
                                .setName(name.name())
                                .setNamespace(name.namespace())
                                .setHostname(name.hostname()))
                        .build());
    }

    static io.hanse.wire.workload.Workload.Builder endpoint(String name, ServiceName... services) {
        var message = io.hanse.wire.workload.Workload.newBuilder()
                .setUid("bergen/hanse.io/Workload/shop/" + name)
                .setName(name)
                .setNamespace("shop")
                .setServiceAccount("api")
                .setTrustDomain("bergen.example");
        for (ServiceName service : services) {
            message.putServices(service.namespace() + "/" + service.hostname(), PortList.getDefaultInstance());
        }
        return message;
    }

    static Resource resource(io.hanse.wire.workload.Workload.Builder workload) {
        return resource(
                workload.getUid(), Address.newBuilder().setWorkload(workload).build());
    }

    private static Resource resource(String name, Address address) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion("v1")
                .setResource(Any.pack(address))
                .build();
    }

    @Test
    void anExportedEndpointIsMadeOurs() {
        List<Refusal> refused = tell(
                offered(API),
                resource(endpoint("b-1", API)
                        .setNode("secret-node")
                        .setNetwork("lubeck")
                        .setClusterId("lubeck")));
        assertThat(refused).isEmpty();
        assertThat(remotes()).singleElement().satisfies(workload -> {
            assertThat(workload.uid()).isEqualTo("bergen.example//bergen/hanse.io/Workload/shop/b-1");
            assertThat(workload.spiffeId()).hasToString("spiffe://bergen.example/ns/shop/sa/api");
            assertThat(workload.cluster()).isEqualTo(new ClusterName("bergen"));
            assertThat(workload.network()).isEqualTo("bergen.example");
            assertThat(workload.node()).isEmpty();
            assertThat(workload.addresses()).isEmpty();
            assertThat(workload.policies()).isEmpty();
            assertThat(workload.remote().orElseThrow().gateways()).containsExactly(FIRST, SECOND);
            assertThat(workload.remote().orElseThrow().endpointId())
                    .isEqualTo(EndpointId.ofWorkload("bergen/hanse.io/Workload/shop/b-1")
                            .text());
        });
        assertThat(status().state()).isEqualTo(PeerStatus.State.CONNECTED);
    }

    @Test
    void whatAPeerMayNotSayIsRefusedAndTheRestIsUsed() {
        ServiceName hidden = new ServiceName("shop", "hidden");
        List<Refusal> refused = tell(
                offered(API),
                resource(endpoint("good", API)),
                resource(endpoint("thief", API).setTrustDomain("lubeck.example")),
                resource(endpoint("system", API).setNamespace("hanse-system")),
                resource(endpoint("odd", API).setServiceAccount("a/b")),
                resource(endpoint("unexported", hidden)),
                resource(endpoint("nameless", API).setName("")),
                resource(endpoint("bell", API).setName("b\u0007")),
                resource(endpoint("here", API).addAddresses(ByteString.copyFrom(new byte[] {127, 1, 0, 1}))),
                resource(endpoint("lawless", API).addAuthorizationPolicies("shop/x")),
                resource(endpoint("heavy", API).setCapacity(UInt32Value.of(-1))),
                resource(
                        "renamed",
                        Address.newBuilder().setWorkload(endpoint("x", API)).build()),
                Resource.newBuilder()
                        .setName("junk")
                        .setResource(
                                Any.newBuilder().setTypeUrl(XdsTypes.ADDRESS).setValue(ByteString.copyFromUtf8("junk")))
                        .build());
        assertThat(refused).isEqualTo(status().refusals());
        assertThat(remotes()).extracting(Workload::name).containsExactly("good");
        assertThat(status().refusals())
                .extracting(Refusal::why)
                .anyMatch(why -> why.equals(
                        "claims the trust domain lubeck.example, only bergen.example is this peer's to speak for"))
                .anyMatch(why -> why.equals("claims an identity of Hanse's own processes"))
                .anyMatch(why -> why.contains("SPIFFE-ID 2.2"))
                .anyMatch(
                        why -> why.equals("serves shop/hidden.shop.svc.cluster.local, which this peer does not export"))
                .anyMatch(why -> why.equals("its uid is bergen/hanse.io/Workload/shop/x"))
                .anyMatch(why -> why.startsWith("not an Address"))
                .hasSize(11);
        assertThat(status().refusals())
                .filteredOn(refusal -> refusal.why().startsWith("its name is not one"))
                .hasSize(2)
                .allMatch(refusal -> refusal.reason() == ReasonCode.IMPORT_MALFORMED);
        assertThat(status().refused())
                .containsOnlyKeys(
                        ReasonCode.IMPORT_TRUST_DOMAIN,
                        ReasonCode.IMPORT_RESERVED_IDENTITY,
                        ReasonCode.IMPORT_IDENTITY_MALFORMED,
                        ReasonCode.IMPORT_NOT_EXPORTED,
                        ReasonCode.IMPORT_ADDRESS,
                        ReasonCode.IMPORT_POLICY,
                        ReasonCode.IMPORT_WEIGHT,
                        ReasonCode.IMPORT_MALFORMED);
    }

    @Test
    void aServiceNobodyImportsHereIsNotUsed() {
        ServiceName other = new ServiceName("shop", "other");
        assertThat(tell(offered(other), resource(endpoint("b-1", other)))).isEmpty();
        assertThat(catalog.current().image().workloads()).hasSize(1);
        assertThat(catalog.current().imported().get(PEER)).isNotNull();
    }

    @Test
    void aPeersResourcesAreBoundedInSize() {
        List<Refusal> refused = tell(
                offered(API),
                resource(endpoint("good", API)),
                resource(endpoint("huge", API).setHostname("x".repeat(ToldResources.MAX_RESOURCE_BYTES))));
        assertThat(refused).extracting(Refusal::why).containsExactly("larger than 65536 bytes");
        assertThat(remotes()).extracting(Workload::name).containsExactly("good");
    }

    @Test
    void aSilentPeersEndpointsAreWithdrawnAfterTheLeaseAndComeBack() {
        tell(offered(API), resource(endpoint("b-1", API)));
        scheduler.advance(LEASE.minusSeconds(1));
        assertThat(remotes()).hasSize(1);
        assertThat(status().leaseExpires()).contains(clock.instant().plusSeconds(1));
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(remotes()).isEmpty();
        assertThat(status().state()).isEqualTo(PeerStatus.State.LEASED_OUT);
        assertThat(status().withdrawn()).isEqualTo(1);
        assertThat(catalog.current().image().endpointsOf(API)).hasSize(1);
        // Redialled through another gateway; what was held is known, so the peer says nothing but that it lives.
        assertThat(link().known()).hasSize(2);
        tell();
        assertThat(remotes()).hasSize(1);
        assertThat(status().state()).isEqualTo(PeerStatus.State.CONNECTED);
        assertThat(status().withdrawn()).isZero();
    }

    @Test
    void anEmptyMessageRenewsTheLease() {
        tell(offered(API), resource(endpoint("b-1", API)));
        for (int i = 0; i < 10; i++) {
            scheduler.advance(LEASE.minusSeconds(5));
            tell();
        }
        assertThat(remotes()).hasSize(1);
    }

    @Test
    void aBrokenLinkGoesOnThroughTheNextGatewayThenWaits() {
        tell(offered(API), resource(endpoint("b-1", API)));
        assertThat(link().gateway()).isEqualTo(FIRST);
        link().listener().ended("UNAVAILABLE: gone");
        assertThat(status().state()).isEqualTo(PeerStatus.State.BACKOFF);
        assertThat(status().lastError()).contains("UNAVAILABLE: gone");
        scheduler.runDue();
        assertThat(link().gateway()).isEqualTo(SECOND);
        link().listener().ended("UNAVAILABLE: gone too");
        scheduler.runDue();
        assertThat(dialled).hasSize(2);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(link().gateway()).isEqualTo(FIRST);
        assertThat(remotes()).hasSize(1);
    }

    @Test
    void aLateWordOfAnOldLinkCountsForNothing() {
        Dialled old = link();
        old.listener().ended("UNAVAILABLE: gone");
        scheduler.runDue();
        assertThat(dialled).hasSize(2);
        old.listener().received(List.of(offered(API), resource(endpoint("b-1", API))), List.of());
        scheduler.runDue();
        assertThat(remotes()).isEmpty();
        assertThat(status().lastContact()).isEmpty();
    }

    @Test
    void anEndedRelationshipIsWithdrawnAtOnce() {
        tell(offered(API), resource(endpoint("b-1", API)));
        Dialled last = link();
        imports.relationships(List.of());
        assertThat(remotes()).isEmpty();
        assertThat(last.closed()).isTrue();
        assertThat(imports.status()).isEmpty();
        assertThat(store.get(PEER)).isEmpty();
        last.listener().received(List.of(resource(endpoint("b-2", API))), List.of());
        scheduler.advance(Duration.ofSeconds(60));
        assertThat(remotes()).isEmpty();
        assertThat(dialled).hasSize(1);
    }

    @Test
    void onlyTheOwnerSubscribesAndBothServe() {
        tell(offered(API), resource(endpoint("b-1", API)));
        store.setOwner(false);
        scheduler.runDue();
        assertThat(link().closed()).isTrue();
        assertThat(status().state()).isEqualTo(PeerStatus.State.ELSEWHERE);
        assertThat(remotes()).hasSize(1);
        store.setOwner(true);
        scheduler.runDue();
        assertThat(dialled).hasSize(2);
        assertThat(link().known()).hasSize(2);
    }

    @Test
    void theStoreIsNotAskedOnceTheProcessEnds() {
        tell(offered(API), resource(endpoint("b-1", API)));
        imports.close();
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(state.resolve("peer-bergen.example.bin")).doesNotExist();
    }

    @Test
    void whatAPeerToldInAnEarlierRelationshipNeverComesBack() {
        tell(offered(API), resource(endpoint("b-1", API)));
        scheduler.advance(Duration.ofSeconds(3));
        imports.close();
        store.remove(PEER);
        catalog.withdrawn(PEER);
        // The relationship ended while this process was down, and a new one was made later.
        imports = newImports(state);
        imports.start();
        imports.relationships(List.of());
        imports.relationships(List.of(BERGEN));
        scheduler.runDue();
        assertThat(link().known()).isEmpty();
        assertThat(remotes()).isEmpty();
    }

    @Test
    void noNumberOfRestartsMakesALeaseLonger() {
        tell(offered(API), resource(endpoint("b-1", API)));
        scheduler.advance(Duration.ofSeconds(3));
        for (int restart = 1; restart <= 4; restart++) {
            imports.close();
            store.remove(PEER);
            catalog.withdrawn(PEER);
            start();
            scheduler.runDue();
            assertThat(remotes()).as("after restart %d", restart).hasSize(restart <= 2 ? 1 : 0);
            scheduler.advance(LEASE.dividedBy(2));
        }
        tell(offered(API), resource(endpoint("b-1", API)));
        assertThat(remotes()).as("heard again").hasSize(1);
        scheduler.advance(Duration.ofSeconds(3));
        imports.close();
        store.remove(PEER);
        catalog.withdrawn(PEER);
        start();
        scheduler.runDue();
        assertThat(remotes())
                .as("heard since, so the next start has a lease of its own")
                .hasSize(1);
    }

    @Test
    void aRestartUsesWhatWasHeldForOneLease() {
        tell(offered(API), resource(endpoint("b-1", API)));
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(state.resolve("peer-bergen.example.bin")).isNotEmptyFile();
        imports.close();
        store.remove(PEER);
        catalog.withdrawn(PEER);
        start();
        assertThat(store.get(PEER)).isPresent();
        assertThat(catalog.current().imported()).containsKey(PEER);
        assertThat(remotes()).hasSize(1);
        scheduler.advance(LEASE.plusSeconds(1));
        assertThat(remotes()).isEmpty();
    }

    @Test
    void garbageInTheStoreIsNotBelieved() {
        store.put(PEER, new byte[] {1, 2, 3});
        scheduler.runDue();
        assertThat(remotes()).isEmpty();
    }

    /** Speaks every five seconds for as long as said. */
    private void heardFor(Duration time) {
        for (Duration past = Duration.ZERO; past.compareTo(time) < 0; past = past.plusSeconds(5)) {
            tell();
            scheduler.advance(Duration.ofSeconds(5));
        }
    }

    private void lose() {
        scheduler.advance(LEASE.plusSeconds(1));
        assertThat(remotes()).isEmpty();
    }

    @Test
    void aPeerLostAgainAndAgainComesBackEverLater() {
        tell(offered(API), resource(endpoint("b-1", API)));
        lose();
        tell();
        assertThat(remotes()).hasSize(1);
        for (Duration wait = LEASE; wait.compareTo(LONGEST_HOLD) < 0; wait = wait.multipliedBy(2)) {
            lose();
            heardFor(wait.minusSeconds(5));
            assertThat(remotes()).isEmpty();
            assertThat(status().state()).isEqualTo(PeerStatus.State.HELD_DOWN);
            assertThat(status().heldUntil().orElseThrow()).isAfter(clock.instant());
            assertThat(status().withdrawn()).isEqualTo(1);
            heardFor(Duration.ofSeconds(10));
            assertThat(remotes()).hasSize(1);
            assertThat(status().state()).isEqualTo(PeerStatus.State.CONNECTED);
            assertThat(status().heldUntil()).isEmpty();
        }
        // 30 s, 60 s, 120 s, 240 s; from here on it is the bound.
        lose();
        heardFor(LONGEST_HOLD.minusSeconds(5));
        assertThat(remotes()).isEmpty();
        heardFor(Duration.ofSeconds(10));
        assertThat(remotes()).hasSize(1);
        assertThat(status().losses()).isEqualTo(6);
    }

    @Test
    void aPeerThatFlapsForAnHourChangesTheCatalogAFewTimesOnly() {
        tell(offered(API), resource(endpoint("b-1", API)));
        long before = catalog.current().provenance().version();
        for (int flap = 0; flap < 100; flap++) {
            scheduler.advance(LEASE.plusSeconds(1));
            tell();
            scheduler.advance(Duration.ofSeconds(5));
        }
        assertThat(remotes()).isEmpty();
        assertThat(catalog.current().provenance().version() - before).isLessThan(10);
    }

    @Test
    void aHeldPeerIsFollowedAndComesBackAsItIsThen() {
        tell(offered(API), resource(endpoint("b-1", API)));
        lose();
        tell();
        lose();
        tell(resource(endpoint("b-2", API)));
        assertThat(remotes()).isEmpty();
        heardFor(LEASE.plusSeconds(5));
        assertThat(remotes()).extracting(Workload::name).containsExactly("b-1", "b-2");
    }

    @Test
    void enduringServiceMakesUpForLosses() {
        tell(offered(API), resource(endpoint("b-1", API)));
        lose();
        tell();
        heardFor(LONGEST_HOLD.multipliedBy(2));
        lose();
        tell();
        assertThat(remotes()).hasSize(1);
        assertThat(status().losses()).isEqualTo(1);
    }

    @Test
    void anEndedRelationshipEndsAHoldDownToo() {
        tell(offered(API), resource(endpoint("b-1", API)));
        lose();
        tell();
        lose();
        tell();
        assertThat(status().state()).isEqualTo(PeerStatus.State.HELD_DOWN);
        imports.relationships(List.of());
        scheduler.advance(LONGEST_HOLD);
        assertThat(store.get(PEER)).isEmpty();
        assertThat(remotes()).isEmpty();
    }
}
