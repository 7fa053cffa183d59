/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.workload.Address;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdsServerTest {

    private static final TrustDomain OWN = new TrustDomain("lubeck.example");
    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final String API = "shop/api.shop.svc.cluster.local";
    private static final String SECRET = "shop/secret.shop.svc.cluster.local";
    private static final String UID = "lubeck/hanse.io/Workload/shop/api-1";
    private static final String STRICT = "hanse-system/istio_converted_static_strict";
    private static final String BOTH =
            service("api", "hanse.io/global: \"true\"") + service("secret", "") + workload("api-1", "api", "127.1.0.1");

    private final TestAuthority own = TestAuthority.of("lubeck.example");
    private final TestAuthority peer = TestAuthority.of("bergen.example");
    private final InstantSource clock = InstantSource.system();
    private final BundleMap bundles = TestAuthority.bundles(own, peer);
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Catalog catalog = catalogOfBoth();
    private final AdsServer ads = new AdsServer(
            new ClusterFacts(new ClusterName("lubeck"), OWN, "lubeck"),
            catalog,
            scheduler,
            clock,
            Duration.ofMillis(600));
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final GrpcServer server = GrpcServer.at(
                    new HostPort("127.0.0.1", 0), identity(own.svid(SystemIdentity.CLUSTER_REGISTRY.in(OWN))))
            .service(ads)
            .build();

    private MeshIdentity identity(TestSvid svid) {
        try {
            return new MeshIdentity(
                    new SvidCell(X509Svid.of(svid.chain(), svid.key())), new BundleCell(bundles), clock);
        } catch (MalformedSvid e) {
            throw new IllegalStateException("the test authority makes good SVIDs", e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ads.relationships(Set.of(PEER));
        server.start();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        ads.close();
        server.stop();
        scheduler.close();
    }

    /** Filled before the server looks at it: a server gathers changes for a moment, and tells them after that. */
    private Catalog catalogOfBoth() {
        Catalog filled = new Catalog(new ClusterFacts(new ClusterName("lubeck"), OWN, "lubeck"), clock);
        filled.sourceChanged(ManifestsOf.yaml(BOTH));
        return filled;
    }

    private void publish(String yaml) {
        catalog.sourceChanged(ManifestsOf.yaml(yaml));
    }

    private Client member() {
        return new Client(own.svid(SystemIdentity.EAST_WEST_GATEWAY.in(OWN)));
    }

    private Client node(String name) {
        return new Client(own.svid(SystemIdentity.node(OWN, name)));
    }

    private Client peerRegistry() {
        return new Client(peer.svid(SystemIdentity.CLUSTER_REGISTRY.in(PEER)));
    }

    /** A client that keeps what it is told and answers when the test says so. */
    private final class Client implements StreamObserver<DeltaDiscoveryResponse> {

        private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
        private final BlockingQueue<io.grpc.Status> ends = new LinkedBlockingQueue<>();
        private final Map<String, Resource> held = new TreeMap<>();
        private final StreamObserver<DeltaDiscoveryRequest> requests;

        Client(TestSvid svid) {
            ManagedChannel channel = GrpcChannels.to(
                            new HostPort("127.0.0.1", server.port()),
                            identity(svid),
                            SystemIdentity.CLUSTER_REGISTRY.in(OWN))
                    .open();
            channels.add(channel);
            requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(io.grpc.Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ends.add(io.grpc.Status.OK);
        }

        void subscribe(ResourceType type, Map<String, String> known, String... names) {
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(type.url())
                    .putAllInitialResourceVersions(known)
                    .addAllResourceNamesSubscribe(List.of(names))
                    .build());
        }

        DeltaDiscoveryResponse next() throws InterruptedException {
            DeltaDiscoveryResponse response =
                    Objects.requireNonNull(responses.poll(20, TimeUnit.SECONDS), "a response");
            response.getResourcesList().forEach(resource -> held.put(resource.getName(), resource));
            response.getRemovedResourcesList().forEach(held::remove);
            return response;
        }

        void ack(DeltaDiscoveryResponse response) {
            answer(response.getTypeUrl(), response.getNonce());
        }

        void answer(String type, String nonce) {
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(type)
                    .setResponseNonce(nonce)
                    .build());
        }

        /** Reads and accepts until a condition on what is held is true. */
        void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
            for (int i = 0; i < 50 && !condition.getAsBoolean(); i++) {
                ack(next());
            }
            assertThat(condition.getAsBoolean()).isTrue();
        }

        io.grpc.Status end() throws InterruptedException {
            return Objects.requireNonNull(ends.poll(20, TimeUnit.SECONDS), "an end");
        }

        Map<String, String> versions() {
            Map<String, String> versions = new TreeMap<>();
            held.forEach((name, resource) -> versions.put(name, resource.getVersion()));
            return versions;
        }

        io.hanse.wire.workload.Workload workload(String uid) throws Exception {
            return Address.parseFrom(
                            Objects.requireNonNull(held.get(uid)).getResource().getValue())
                    .getWorkload();
        }
    }

    @Test
    void aMemberSeesEverythingButDuties() throws Exception {
        Client client = member();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.until(() -> client.held.size() == 3);
        assertThat(client.held).containsOnlyKeys(API, SECRET, UID);
        assertThat(client.workload(UID).getAddressesCount()).isEqualTo(1);
        assertThat(client.workload(UID).getExtensionsList()).isEmpty();
        client.held.clear();
        client.subscribe(ResourceType.AUTHORIZATION, Map.of());
        client.until(() -> client.held.size() == 1);
        assertThat(client.held).containsOnlyKeys(STRICT);
    }

    @Test
    void aNodeSeesTheDutiesOfItsOwnWorkloadsOnly() throws Exception {
        Client host = node("n1");
        host.subscribe(ResourceType.ADDRESS, Map.of());
        host.until(() -> host.held.size() == 3);
        assertThat(host.workload(UID).getExtensionsList())
                .extracting(e -> e.getName())
                .containsExactly("hanse.io/node");
        Client other = node("n2");
        other.subscribe(ResourceType.ADDRESS, Map.of());
        other.until(() -> other.held.size() == 3);
        assertThat(other.workload(UID).getExtensionsList()).isEmpty();
        assertThat(other.versions().get(UID)).isNotEqualTo(host.versions().get(UID));
    }

    @Test
    void aPeerSeesExportsWithoutPlaceAndNoPolicies() throws Exception {
        Client client = peerRegistry();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.until(() -> client.held.size() == 2);
        assertThat(client.held).containsOnlyKeys(API, UID);
        var workload = client.workload(UID);
        assertThat(workload.getAddressesList()).isEmpty();
        assertThat(workload.getNode()).isEmpty();
        assertThat(workload.getNetwork()).isEmpty();
        assertThat(workload.getClusterId()).isEmpty();
        assertThat(workload.getAuthorizationPoliciesList()).isEmpty();
        assertThat(workload.getExtensionsList()).isEmpty();
        assertThat(workload.getServicesMap()).containsOnlyKeys(API);
        assertThat(Address.parseFrom(Objects.requireNonNull(client.held.get(API))
                                .getResource()
                                .getValue())
                        .getService()
                        .getAddressesList())
                .isEmpty();
        client.held.clear();
        client.subscribe(ResourceType.AUTHORIZATION, Map.of(), "*", STRICT);
        DeltaDiscoveryResponse policies = client.next();
        while (policies.getTypeUrl().equals(ResourceType.ADDRESS.url())) {
            client.ack(policies);
            policies = client.next();
        }
        assertThat(policies.getResourcesList()).isEmpty();
    }

    @Test
    void aQuietPeerHearsFromUs() throws Exception {
        Client client = peerRegistry();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.until(() -> client.held.size() == 2);
        DeltaDiscoveryResponse sign = client.next();
        assertThat(sign.getResourcesCount() + sign.getRemovedResourcesCount()).isZero();
        client.ack(sign);
        assertThat(client.next().getNonce()).isNotEqualTo(sign.getNonce());
    }

    @Test
    void strangersAreRefused() throws Exception {
        for (String path : List.of("/ns/shop/sa/web", "/hanse/node/n1", "/ns/hanse-system/sa/spiffe-ca")) {
            Client client = new Client(peer.svid(new SpiffeId(PEER, path)));
            assertThat(client.end().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
        }
        ads.relationships(Set.of());
        assertThat(peerRegistry().end().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
        assertThat(ads.refusedStreams()).isEqualTo(4);
    }

    @Test
    void anEndedRelationshipEndsTheStreamAtOnce() throws Exception {
        Client client = peerRegistry();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.until(() -> client.held.size() == 2);
        assertThat(ads.connectedPeers()).containsExactly(PEER);
        ads.relationships(Set.of());
        assertThat(client.end().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
        assertThat(ads.connectedPeers()).isEmpty();
    }

    @Test
    void theFirstAnswerComesEvenIfItIsEmpty() throws Exception {
        publish("");
        Client client = member();
        client.subscribe(ResourceType.AUTHORIZATION, Map.of());
        client.until(() -> client.held.isEmpty());
        DeltaDiscoveryResponse first = client.next();
        assertThat(first.getTypeUrl()).isEqualTo(ResourceType.AUTHORIZATION.url());
    }

    @Test
    void aReconnectTellsChangesAndWhatVanishedMeanwhile() throws Exception {
        Client before = member();
        before.subscribe(ResourceType.ADDRESS, Map.of());
        before.until(() -> before.held.size() == 3);
        Map<String, String> known = before.versions();
        before.requests.onCompleted();
        publish(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.9"));
        Client after = member();
        after.held.putAll(before.held);
        after.subscribe(ResourceType.ADDRESS, known);
        after.until(() -> after.held.size() == 2);
        assertThat(after.held).containsOnlyKeys(API, UID);
        after.until(() -> !Objects.equals(after.versions().get(UID), known.get(UID)));
        assertThat(after.versions()).containsEntry(API, known.get(API));
    }

    @Test
    void aPolicyThatVanishedMeanwhileIsForgottenAfterTheWorkloadsWereTold() throws Exception {
        Client client = member();
        client.subscribe(ResourceType.AUTHORIZATION, Map.of("shop/gone", "1"));
        DeltaDiscoveryResponse policies = client.next();
        assertThat(policies.getTypeUrl()).isEqualTo(ResourceType.AUTHORIZATION.url());
        assertThat(policies.getRemovedResourcesList()).isEmpty();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.ack(policies);
        DeltaDiscoveryResponse addresses = client.next();
        assertThat(addresses.getTypeUrl()).isEqualTo(ResourceType.ADDRESS.url());
        client.ack(addresses);
        assertThat(client.next().getRemovedResourcesList()).containsExactly("shop/gone");
    }

    @Test
    void aChangeWaitsForTheAnswerAndOnlyTheLatestIsSent() throws Exception {
        Client client = member();
        client.subscribe(ResourceType.ADDRESS, Map.of());
        client.until(() -> client.held.size() == 3);
        publish(BOTH.replace("127.1.0.1", "127.1.0.2"));
        DeltaDiscoveryResponse change = client.next();
        assertThat(change.getResourcesList()).extracting(Resource::getName).containsExactly(UID);
        publish(BOTH.replace("127.1.0.1", "127.1.0.3"));
        publish(BOTH.replace("127.1.0.1", "127.1.0.4"));
        client.answer(change.getTypeUrl(), "stale");
        assertThat(client.responses.poll(300, TimeUnit.MILLISECONDS)).isNull();
        client.ack(change);
        client.until(() -> {
            try {
                return client.workload(UID).getAddresses(0).byteAt(3) == 4;
            } catch (Exception e) {
                throw new IllegalStateException("what the server sends can be read", e);
            }
        });
    }

    @Test
    void aRefusedResponseIsRecordedAndTheStreamGoesOn() throws Exception {
        Client client = node("n1");
        client.subscribe(ResourceType.ADDRESS, Map.of());
        DeltaDiscoveryResponse first = client.next();
        client.requests.onNext(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(first.getTypeUrl())
                .setResponseNonce(first.getNonce())
                .setErrorDetail(Status.newBuilder().setMessage("cannot read it"))
                .build());
        publish(BOTH.replace("127.1.0.1", "127.1.0.2"));
        assertThat(client.next().getNonce()).isNotEqualTo(first.getNonce());
        assertThat(ads.streams()).singleElement().satisfies(stream -> {
            assertThat(stream.lastNack().orElseThrow().message()).isEqualTo("cannot read it");
            assertThat(Objects.requireNonNull(stream.types().get(ResourceType.ADDRESS))
                            .refused())
                    .isEqualTo(1);
        });
    }

    @Test
    void aNamedSubscriptionGetsItsNamesAndIsToldOfWhatIsNotThere() throws Exception {
        Client client = member();
        client.subscribe(ResourceType.ADDRESS, Map.of(), API, "shop/none.shop.svc.cluster.local");
        DeltaDiscoveryResponse first = client.next();
        while (first.getResourcesCount() == 0) {
            client.ack(first);
            first = client.next();
        }
        assertThat(client.held).containsOnlyKeys(API);
        client.ack(first);
        client.subscribe(ResourceType.ADDRESS, Map.of(), "shop/missing.shop.svc.cluster.local");
        assertThat(client.next().getRemovedResourcesList()).containsExactly("shop/missing.shop.svc.cluster.local");
    }

    @Test
    void anotherTypeEndsTheStream() throws Exception {
        Client client = member();
        client.requests.onNext(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl("type.googleapis.com/x.Y")
                .build());
        assertThat(client.end().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    }
}
