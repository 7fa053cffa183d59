/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.testing.Eventually;
import io.hanse.exchange.testing.Stores;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidKeyManager;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The own bundle and its endpoint, asked over raw TLS sockets without a client certificate. */
final class PublishTest {

    private static final Duration HINT = Duration.ofMinutes(5);

    /** Below the idle limit of ten seconds, so that a connection that only idleness ends is seen to be one. */
    private static final int SOCKET_MILLIS = 9_000;

    @TempDir
    private Path directory;

    private final TestAuthority own = TestAuthority.of("own.example");
    private final ManualClock clock = new ManualClock(Instant.now());
    private final SystemScheduler scheduler = new SystemScheduler();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Vertx vertx;
    private StateStore store;
    private BundleServer server;
    private HostPort address;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        store = Stores.open(directory, own.trustDomain());
        TestSvid svid = own.svid(
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(own.trustDomain()).path());
        server = new BundleServer(
                vertx,
                new HostPort("127.0.0.1", 0),
                "https_spiffe",
                KeyCertOptions.wrap(new SvidKeyManager(new SvidCell(X509Svid.of(svid.chain(), svid.key())))),
                store,
                Optional.of(new Refusing()),
                new BundleServer.Surroundings(scheduler, clock, clock, metrics));
        address = server.start();
    }

    @AfterEach
    void close() {
        server.close();
        scheduler.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private OwnBundle keeper(BundleCell authority) {
        return new OwnBundle(own.trustDomain(), HINT, store, authority, new ManualScheduler(clock), () -> {});
    }

    private static BundleCell keys(TestAuthority... authorities) {
        BundleCell cell = new BundleCell();
        publish(cell, authorities);
        return cell;
    }

    private static void publish(BundleCell cell, TestAuthority... authorities) {
        cell.publish(BundleMap.empty()
                .with(new TrustBundle(
                        authorities[0].trustDomain(),
                        List.of(authorities).stream()
                                .map(TestAuthority::certificate)
                                .toList(),
                        List.of(),
                        OptionalLong.empty(),
                        Optional.empty())));
    }

    private long sequence() {
        return store.current().own().orElseThrow().sequence().orElseThrow();
    }

    private SSLSocket connect(String... protocols) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("root", own.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.host(), address.port());
        socket.setSoTimeout(SOCKET_MILLIS);
        socket.setEnabledProtocols(protocols);
        return socket;
    }

    private String ask(String request) throws Exception {
        try (SSLSocket socket = connect("TLSv1.3", "TLSv1.2")) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return untilTheEnd(socket);
        }
    }

    private static String untilTheEnd(SSLSocket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private double connections() {
        return metrics.get("hanse.exchange.connections").gauge().value();
    }

    private static String line(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    @DisplayName("BND-4.1.1 the sequence grows with each change, stays without one, and survives a restart")
    void theSequenceGrowsWithEachChange() {
        TestAuthority next = TestAuthority.of("own.example");
        BundleCell authority = keys(own);
        OwnBundle first = keeper(authority);
        first.start();
        assertThat(sequence()).isEqualTo(1);
        first.refresh();
        assertThat(sequence()).isEqualTo(1);
        publish(authority, own, next);
        first.refresh();
        assertThat(sequence()).isEqualTo(2);

        store = Stores.open(directory, own.trustDomain());
        OwnBundle second = keeper(authority);
        second.start();
        assertThat(sequence()).as("nothing changed over the restart").isEqualTo(2);
        publish(authority, own);
        second.refresh();
        assertThat(sequence())
                .as("content seen before gets a new number all the same")
                .isEqualTo(3);
    }

    @Test
    @DisplayName("BND-4.1.1 a first document after lost state is numbered beyond every one that was published")
    void aFirstDocumentGoesBeyondTheMark() {
        Stores.mark(directory).raise("own bundle's sequence", 41);
        StateStore lost = StateStore.open(directory.resolve("new"), own.trustDomain(), Stores.mark(directory));
        store = lost;
        keeper(keys(own)).start();
        assertThat(sequence()).isEqualTo(42);
    }

    @Test
    @DisplayName("BND-4.1.3 never publishes an empty document because spiffe-ca showed nothing")
    void neverPublishesNothing() {
        BundleCell authority = keys(own);
        OwnBundle keeper = keeper(authority);
        keeper.start();
        authority.publish(BundleMap.empty()
                .with(new TrustBundle(
                        own.trustDomain(), List.of(), List.of(), OptionalLong.empty(), Optional.empty())));
        keeper.refresh();
        assertThat(store.current().own().orElseThrow().x509Authorities()).containsExactly(own.certificate());
    }

    @Test
    @DisplayName("FED-5.2.2.3, BND-4.2 GET without a client certificate answers exactly the standard's members")
    void servesTheStandardsDocument() throws Exception {
        store.change(state -> state.withOwn(own.bundle()));
        String answer = ask(line("GET", "/"));
        assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("content-type: application/json");
        JsonNode json = new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
        assertThat(names(json)).containsExactlyInAnyOrder("keys", "spiffe_sequence", "spiffe_refresh_hint");
        assertThat(json.get("spiffe_sequence").asLong()).isEqualTo(1);
        assertThat(json.get("spiffe_refresh_hint").asLong()).isEqualTo(300);
        for (JsonNode key : json.get("keys")) {
            if (key.get("use").asText().equals("x509-svid")) {
                assertThat(names(key)).containsExactlyInAnyOrder("kty", "use", "crv", "x", "y", "x5c");
                assertThat(key.get("x5c")).hasSize(1);
            } else {
                assertThat(key.get("use").asText()).isEqualTo("jwt-svid");
                assertThat(names(key)).containsExactlyInAnyOrder("kty", "use", "kid", "crv", "x", "y");
            }
        }
        assertThat(json.get("keys")).hasSize(2);
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void saysThatThereIsNothingYet() throws Exception {
        assertThat(ask(line("GET", "/"))).startsWith("HTTP/1.1 503");
    }

    @Test
    @DisplayName("FED-5.2.2.3 only GET of / and the POSTs of docs/wires.md are answered")
    void refusesOtherMethodsAndPaths() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE")) {
            assertThat(ask(line(method, "/"))).startsWith("HTTP/1.1 405").containsIgnoringCase("allow: GET");
        }
        assertThat(ask(line("GET", "/hanse/v1/accept"))).startsWith("HTTP/1.1 405");
        assertThat(ask(line("GET", "/other"))).startsWith("HTTP/1.1 404");
    }

    @Test
    @DisplayName("FED-5a TLS 1.1 and older are refused, 1.2 is taken")
    void refusesOldTls() throws Exception {
        store.change(state -> state.withOwn(own.bundle()));
        try (SSLSocket socket = connect("TLSv1.2")) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
        // Java's own client no longer speaks 1.1, so the ClientHello is written by hand.
        assertThat(Tls11Hello.answerOf(address))
                .as("an alert, protocol_version")
                .isEqualTo(List.of(21, 70));
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = connect("TLSv1.1")) {
                        socket.startHandshake();
                    }
                })
                .isInstanceOf(SSLException.class);
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            OutputStream out = socket.getOutputStream();
            int length = BundleServer.MAX_REQUEST_BYTES + 1;
            out.write(("POST /hanse/v1/accept HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(new byte[length]);
            out.flush();
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 413".length());
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void aClientThatStaysKeepsNoSlotAfterItsAnswer() throws Exception {
        store.change(state -> state.withOwn(own.bundle()));
        List<SSLSocket> staying = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                SSLSocket socket = connect("TLSv1.3");
                staying.add(socket);
                socket.getOutputStream().write(line("GET", "/").getBytes(StandardCharsets.ISO_8859_1));
            }
            for (SSLSocket socket : staying) {
                assertThat(untilTheEnd(socket)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            }
            awaitNoConnections();
        } finally {
            for (SSLSocket socket : staying) {
                socket.close();
            }
        }
    }

    @Test
    void aBodyThatNeverComesKeepsNoSlotAfterTheRefusal() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            socket.getOutputStream()
                    .write("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nx"
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(untilTheEnd(socket)).startsWith("HTTP/1.1 405");
            awaitNoConnections();
        }
    }

    @Test
    void aPostThatBreaksOffGivesItsPlaceBack() throws Exception {
        List<SSLSocket> unfinished = new ArrayList<>();
        for (int i = 0; i < BundleServer.MAX_POSTS; i++) {
            SSLSocket socket = connect("TLSv1.3");
            unfinished.add(socket);
            socket.getOutputStream()
                    .write("POST /hanse/v1/accept HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx"
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        Eventually.holds(() -> posts() == BundleServer.MAX_POSTS, () -> posts() + " POSTs are in work");
        assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 429");
        for (SSLSocket socket : unfinished) {
            socket.close();
        }
        Eventually.holds(() -> posts() == 0, () -> posts() + " POSTs are in work");
        assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 400");
        Eventually.holds(() -> posts() == 0, () -> posts() + " POSTs are in work");
    }

    private double posts() {
        return metrics.get("hanse.exchange.posts").gauge().value();
    }

    private void awaitNoConnections() throws InterruptedException {
        Eventually.holds(() -> connections() == 0, () -> connections() + " connections are open");
    }

    @Test
    void strangersAreToldWhyOnlySoOftenAndStandInNobodysWay() throws Exception {
        for (int i = 0; i < RateLimit.BURST; i++) {
            assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 400");
        }
        assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 429");
        for (int i = 0; i < RateLimit.BURST; i++) {
            clock.advance(RateLimit.REFILL);
            assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 400");
        }
        assertThat(ask(line("POST", "/hanse/v1/accept"))).startsWith("HTTP/1.1 429");
        for (int i = 0; i < RateLimit.BURST + 1; i++) {
            assertThat(ask("POST /hanse/v1/accept HTTP/1.1\r\nHost: h\r\nHanse-Proof: p\r\nContent-Length: 0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    /** Refuses whoever shows no proof, in words of its own. */
    private static final class Refusing implements PeerRequests {
        @Override
        public PeerReply accept(Body body, Optional<String> proof) {
            if (proof.isPresent()) {
                return new PeerReply(200, true, "text/plain", Body.of("yes"));
            }
            return new PeerReply(400, false, "text/plain", Body.of("no"));
        }

        @Override
        public PeerReply farewell(Optional<String> authorization) {
            return new PeerReply(401, false, "text/plain", Body.of("no"));
        }

        @Override
        public PeerReply tooLarge() {
            return new PeerReply(413, false, "text/plain", Body.of("no"));
        }

        @Override
        public PeerReply tooMany() {
            return new PeerReply(429, false, "text/plain", Body.of("no"));
        }
    }

    /** The first bytes of a client that speaks TLS 1.1 at most. */
    private static final class Tls11Hello {

        private Tls11Hello() {}

        /** Content type of the answering record and, for an alert, its description. */
        static List<Integer> answerOf(HostPort address) throws IOException {
            byte[] hello = new byte[5 + 4 + 41];
            hello[0] = 22;
            hello[1] = 3;
            hello[2] = 1;
            hello[4] = 4 + 41;
            hello[5] = 1;
            hello[8] = 41;
            hello[9] = 3;
            hello[10] = 2;
            // 32 bytes of random, no session, one suite: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, no compression.
            hello[45] = 2;
            hello[46] = (byte) 0xC0;
            hello[47] = 9;
            hello[48] = 1;
            try (java.net.Socket socket = new java.net.Socket(address.host(), address.port())) {
                socket.setSoTimeout(SOCKET_MILLIS);
                socket.getOutputStream().write(hello);
                byte[] answer = socket.getInputStream().readNBytes(7);
                return List.of((int) answer[0], (int) answer[6]);
            }
        }
    }
}
