/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static io.hanse.proxy.workloadapi.Served.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import io.hanse.wire.spiffe.X509SVID;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.hanse.wire.spiffe.X509SVIDResponse;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.Watcher;
import io.spiffe.workloadapi.WorkloadApiClient;
import io.spiffe.workloadapi.X509Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The X.509 half of the Workload API, asked by java-spiffe and by plain gRPC. */
final class WorkloadApiTest {

    private static final String LUBECK = "spiffe://lubeck.example";
    private static final String BERGEN = "spiffe://bergen.example";

    @TempDir
    private Path run;

    private Served served;

    @BeforeEach
    void serve() {
        served = new Served(run.resolve("sockets"));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    @DisplayName("WL-1 WL-5.2.1a WL-5.2.2 java-spiffe fetches SVID, key, own and federated bundles")
    void javaSpiffeFetches() throws Exception {
        try (WorkloadApiClient client = javaSpiffe()) {
            X509Context context = client.fetchX509Context();
            assertThat(context.getDefaultSvid().getSpiffeId().toString()).isEqualTo(served.frontend.toString());
            assertThat(context.getDefaultSvid().getLeaf())
                    .isEqualTo(Objects.requireNonNull(served.svids.get(served.frontend))
                            .leaf());
            assertThat(context.getX509BundleSet().getBundles().keySet())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder("lubeck.example", "bergen.example");
        }
    }

    @Test
    @DisplayName("WL-4.3a a renewed SVID and a withdrawn bundle are pushed to java-spiffe as full state")
    void pushesChanges() throws Exception {
        BlockingQueue<X509Context> seen = new LinkedTransferQueue<>();
        try (WorkloadApiClient client = javaSpiffe()) {
            client.watchX509Context(new Watcher<>() {
                @Override
                public void onUpdate(X509Context update) {
                    seen.add(update);
                }

                @Override
                public void onError(Throwable e) {
                    // The next update is what counts.
                }
            });
            assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull();
            X509Svid renewed = Served.svid(served.lubeck.svid(served.frontend));
            served.svids.put(served.frontend, renewed);
            served.api.changed();
            X509Context second = seen.poll(60, TimeUnit.SECONDS);
            assertThat(second).isNotNull();
            assertThat(second.getDefaultSvid().getLeaf()).isEqualTo(renewed.leaf());
            served.bundles.publish(served.bundles(served.lubeck));
            served.api.changed();
            X509Context third = seen.poll(60, TimeUnit.SECONDS);
            assertThat(third).isNotNull();
            assertThat(third.getX509BundleSet().getBundles()).hasSize(1);
        }
    }

    @Test
    @DisplayName("WL-4.3a WL-4.3b every stream begins with the full state, and says it whole again when a bundle goes")
    void everyStreamSaysItsFullState() {
        served.ask(Served.OWN_SOCKET, stub -> {
            Iterator<X509SVIDResponse> svids = stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance());
            Iterator<X509BundlesResponse> x509 = stub.fetchX509Bundles(X509BundlesRequest.getDefaultInstance());
            Iterator<JWTBundlesResponse> jwt = stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance());
            assertThat(svids.next().getFederatedBundlesMap()).containsOnlyKeys(BERGEN);
            assertThat(x509.next().getBundlesMap()).containsOnlyKeys(LUBECK, BERGEN);
            assertThat(jwt.next().getBundlesMap()).containsOnlyKeys(LUBECK, BERGEN);

            served.bundles.publish(served.bundles(served.lubeck));
            served.api.changed();

            X509SVIDResponse whole = svids.next();
            assertThat(whole.getSvidsCount()).isOne();
            assertThat(whole.getFederatedBundlesMap()).isEmpty();
            assertThat(x509.next().getBundlesMap()).containsOnlyKeys(LUBECK);
            assertThat(jwt.next().getBundlesMap()).containsOnlyKeys(LUBECK);
        });
    }

    @Test
    @DisplayName("WL-5.2.1a WL-5.2.1b WL-8 each SVID has all its fields, hints never clash, and the order stays")
    void everyFieldIsThereInAStableOrder() {
        SpiffeId backend = new SpiffeId(served.lubeck.trustDomain(), "/ns/shop/sa/backend");
        served.svids.put(backend, Served.svid(served.lubeck.svid(backend)));
        List<String> me = List.of("uid:" + Served.uid());
        served.api.publish(List.of(
                served.workload("z-first-published", "frontend", me),
                served.workload("a-first-by-name", "backend", me)));
        served.ask(Served.AGENT, stub -> {
            X509SVIDResponse one =
                    stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()).next();
            assertThat(one.getSvidsList())
                    .extracting(X509SVID::getSpiffeId)
                    .containsExactly(backend.toString(), served.frontend.toString());
            assertThat(one.getSvidsList()).allSatisfy(svid -> {
                assertThat(svid.getX509Svid()).isNotEmpty();
                assertThat(svid.getX509SvidKey()).isNotEmpty();
                assertThat(svid.getBundle()).isNotEmpty();
                assertThat(svid.getHint()).isEmpty();
            });
            assertThat(stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()).next())
                    .isEqualTo(one);
        });
    }

    @Test
    @DisplayName("WL-5.2.1c WL-5.2.2 every stream of a caller that is nobody ends with PERMISSION_DENIED")
    void refusesNobody() {
        served.ask(Served.AGENT, stub -> {
            List<Iterator<?>> streams = List.of(
                    stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()),
                    stub.fetchX509Bundles(X509BundlesRequest.getDefaultInstance()),
                    stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance()));
            streams.forEach(stream -> assertStatus(Status.Code.PERMISSION_DENIED, stream::next));
        });
    }

    @Test
    @DisplayName("WL-5.2.1c every open stream ends with PERMISSION_DENIED when the caller loses its last identity")
    void endsStreamsOfWhoBecomesNobody() {
        served.api.publish(List.of(served.workload("frontend", List.of("uid:" + Served.uid()))));
        served.ask(Served.AGENT, stub -> {
            List<Iterator<?>> streams = List.of(
                    stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()),
                    stub.fetchX509Bundles(X509BundlesRequest.getDefaultInstance()),
                    stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance()));
            streams.forEach(stream -> assertThat(stream.next()).isNotNull());
            served.api.publish(List.of(served.workload("frontend", List.of("uid:4242"))));
            streams.forEach(stream -> assertStatus(Status.Code.PERMISSION_DENIED, stream::next));
        });
    }

    @Test
    @DisplayName("WE-6 an identity whose certificate is not here yet is UNAVAILABLE, not denied")
    void saysUnavailableWhileStarting() {
        served.svids.clear();
        served.ask(
                Served.OWN_SOCKET,
                stub -> assertStatus(
                        Status.Code.UNAVAILABLE,
                        () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .next()));
    }

    @Test
    @DisplayName("WE-6 sessions end with UNAVAILABLE when the proxy stops, and the sockets go")
    void sessionsEndWithUnavailableAndSocketsGo() {
        served.ask(Served.OWN_SOCKET, stub -> {
            Iterator<X509SVIDResponse> stream = stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance());
            assertThat(stream.next().getSvidsCount()).isOne();
            served.api.drain(Duration.ofSeconds(2));
            assertStatus(Status.Code.UNAVAILABLE, stream::next);
        });
        assertThat(served.sockets.resolve(Served.OWN_SOCKET)).doesNotExist();
    }

    @Test
    @DisplayName("a folder that cannot be made any more is a problem, and none once it can be")
    void aFolderThatIsInTheWayIsAProblem() throws Exception {
        Path aside = run.resolve("aside");
        Files.move(served.sockets, aside);
        Files.createFile(served.sockets);
        served.api.publish(List.of(served.workload("frontend", List.of())));
        assertThat(served.api.problems().get(served.sockets)).contains("a file stands where a directory is needed");
        Files.delete(served.sockets);
        Files.move(aside, served.sockets);
        served.api.publish(List.of(served.workload("frontend", List.of())));
        assertThat(served.api.problems()).isEmpty();
    }

    @Test
    void aPathTooLongForASocketIsAProblemAndTheOthersServe() {
        served.api.publish(
                List.of(served.workload("frontend", List.of()), served.workload("x".repeat(120), List.of())));
        assertThat(served.api.problems().values()).singleElement().asString().contains("at most 107");
        served.ask(
                Served.OWN_SOCKET,
                stub -> assertThat(stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .hasNext())
                        .isTrue());
    }

    private WorkloadApiClient javaSpiffe() throws Exception {
        return DefaultWorkloadApiClient.newClient(DefaultWorkloadApiClient.ClientOptions.builder()
                .spiffeSocketPath("unix:" + served.sockets.resolve(Served.OWN_SOCKET))
                .build());
    }
}
