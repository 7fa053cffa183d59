/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.BundleSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fetch against real HTTPS servers, honest and hostile. */
final class BundleFetcherTest {

    private static final String ENDPOINT = "/spire/server";
    private static final Duration AMPLE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final TestAuthority peer = TestAuthority.of("peer.example");
    private final SpiffeId endpointId = new SpiffeId(peer.trustDomain(), ENDPOINT);
    private Vertx vertx;
    private FakeEndpoint endpoint;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        endpoint = new FakeEndpoint(vertx, peer.svid(ENDPOINT, spec -> spec.dns("localhost")));
        endpoint.serve(peer.bundle());
    }

    @AfterEach
    void close() {
        endpoint.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private FetchOutcome fetch(URI url, Profile profile, BundleSource bundles, Duration limit) {
        BundleFetcher fetcher = new BundleFetcher(
                new Doorway(new HttpsCaller(vertx), Ticker.system()),
                new SvidVerifier(InstantSource.system()),
                bundles,
                limit);
        return fetcher.fetch(new Relationship(
                new TrustDomain("peer.example"),
                Optional.empty(),
                List.of(),
                url,
                profile,
                Relationship.State.ESTABLISHED,
                Instant.now()));
    }

    private FetchOutcome fetchSpiffe(URI url) {
        return fetch(url, new Profile.HttpsSpiffe(endpointId), BundleSource.fixed(TestAuthority.bundles(peer)), AMPLE);
    }

    private FetchOutcome fetchSpiffe() {
        return fetchSpiffe(endpoint.url());
    }

    private FetchOutcome fetchWeb(String host, Optional<Path> extra) {
        return fetch(
                endpoint.url(host, "/"),
                new Profile.HttpsWeb(extra),
                BundleSource.fixed(TestAuthority.bundles(peer)),
                AMPLE);
    }

    private static FetchOutcome.Failed failed(FetchOutcome outcome) {
        assertThat(outcome).isInstanceOf(FetchOutcome.Failed.class);
        return (FetchOutcome.Failed) outcome;
    }

    private void assertFetched(FetchOutcome outcome) {
        assertThat(outcome).isEqualTo(new FetchOutcome.Fetched(peer.bundle()));
    }

    private Path pem(TestAuthority authority) throws Exception {
        String base64 =
                Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded());
        return Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    @Test
    @DisplayName("FED-5.2.2.4a takes the bundle from exactly the configured ID, without a name check")
    void takesFromTheConfiguredId() {
        assertFetched(fetchSpiffe());
    }

    @Test
    @DisplayName("FED-5.2.2.4a refuses another ID of the right trust domain before it sends anything")
    void refusesAnotherId() throws Exception {
        endpoint.show(peer.svid("/spire/agent"));
        assertThat(failed(fetchSpiffe()).reason()).isEqualTo(ReasonCode.IDENTITY_UNEXPECTED);
        assertThat(endpoint.paths()).isEmpty();
    }

    @Test
    @DisplayName("FED-5.2.2.4b a root that was never seen is refused, and says that an introduction is needed")
    void refusesAnotherRoot() throws Exception {
        endpoint.show(TestAuthority.of("peer.example").svid(ENDPOINT));
        assertThat(failed(fetchSpiffe()).detail()).contains("introduced again");
        assertThat(endpoint.paths()).isEmpty();
    }

    @Test
    @DisplayName("FED-5.2.2.4c an endpoint of another trust domain is verified with that one's bundle")
    void verifiesWithTheEndpointsOwnTrustDomain() throws Exception {
        TestAuthority host = TestAuthority.of("host.example");
        endpoint.show(host.svid("/bundles"));
        Profile profile = new Profile.HttpsSpiffe(SpiffeId.parse("spiffe://host.example/bundles"));
        assertFetched(fetch(endpoint.url(), profile, BundleSource.fixed(TestAuthority.bundles(peer, host)), AMPLE));
        assertThat(failed(fetch(endpoint.url(), profile, BundleSource.fixed(TestAuthority.bundles(peer)), AMPLE))
                        .reason())
                .isEqualTo(ReasonCode.TRUST_DOMAIN_UNKNOWN);
    }

    @Test
    @DisplayName("FED-5.2.1.4 https_web believes an authority of the operator's file")
    void webBelievesAnExtraAuthority() throws Exception {
        assertFetched(fetchWeb("localhost", Optional.of(pem(peer))));
    }

    @Test
    @DisplayName("FED-5.2.1.4, FED-5.1 https_web refuses a private root and never tries https_spiffe instead")
    void webRefusesAPrivateRoot() {
        failed(fetchWeb("localhost", Optional.empty()));
        assertThat(endpoint.paths()).isEmpty();
        assertThat(endpoint.connections()).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("FED-5.2.1.4 https_web refuses a certificate for another name")
    void webRefusesAnotherName() throws Exception {
        failed(fetchWeb("127.0.0.1", Optional.of(pem(peer))));
        assertThat(endpoint.paths()).isEmpty();
    }

    @Test
    void webSaysThatTheFileOfAuthoritiesCannotBeRead() throws Exception {
        Path absent = directory.resolve("absent.pem");
        assertThat(failed(fetchWeb("localhost", Optional.of(absent))).detail()).contains("absent.pem");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "no certificate here\n");
        assertThat(failed(fetchWeb("localhost", Optional.of(empty))).detail()).contains("empty.pem");
        assertThat(endpoint.paths()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("FED-5.2.2.3 follows a redirect to an endpoint of the same ID")
    void followsARedirect(int status) throws Exception {
        try (FakeEndpoint front = new FakeEndpoint(vertx, peer.svid(ENDPOINT))) {
            front.redirect(status, endpoint.url("127.0.0.1", "/moved").toString());
            assertFetched(fetchSpiffe(front.url()));
            assertThat(endpoint.paths()).containsExactly("/moved");
        }
    }

    @Test
    @DisplayName("FED-5.2.2.3 follows a relative redirect")
    void followsARelativeRedirect() {
        endpoint.answer(request -> {
            if ("/".equals(request.path())) {
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/b")
                        .end();
            } else {
                request.response().end(Buffer.buffer(io.hanse.model.bundle.BundleJson.format(peer.bundle())));
            }
        });
        assertFetched(fetchSpiffe());
        assertThat(endpoint.paths()).containsExactly("/", "/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "https://u:p@127.0.0.1/",
                "https://u@127.0.0.1/",
                "file:///etc/passwd",
                "::",
                ""
            })
    @DisplayName("FED-5.2.2.1 refuses a redirect to what is no bundle endpoint")
    void refusesARedirectElsewhere(String location) {
        endpoint.redirect(302, location);
        assertThat(failed(fetchSpiffe()).detail()).contains("redirected");
        assertThat(endpoint.paths().size()).isLessThanOrEqualTo(1 + Redirects.MAX_HOPS);
    }

    @Test
    void refusesARedirectWithoutALocation() {
        endpoint.answer(request -> FakeEndpoint.status(request, 302));
        assertThat(failed(fetchSpiffe()).detail()).contains("without a Location");
    }

    @Test
    @DisplayName("FED-5.2.2.3 refuses a redirect to another SPIFFE ID")
    void refusesARedirectToAnotherId() throws Exception {
        try (FakeEndpoint other = new FakeEndpoint(vertx, peer.svid("/somebody/else"))) {
            other.serve(peer.bundle());
            endpoint.redirect(302, other.url().toString());
            assertThat(failed(fetchSpiffe()).reason()).isEqualTo(ReasonCode.IDENTITY_UNEXPECTED);
            assertThat(other.paths()).isEmpty();
        }
    }

    @Test
    void refusesAFourthRedirect() {
        endpoint.redirect(302, "/again");
        assertThat(failed(fetchSpiffe()).detail()).contains("more than 3 times");
        assertThat(endpoint.paths()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 400, 401, 404, 429, 500, 503})
    void refusesEveryOtherStatus(int status) {
        endpoint.answer(request -> FakeEndpoint.status(request, status));
        FetchOutcome.Failed failed = failed(fetchSpiffe());
        assertThat(failed.reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(failed.detail()).contains(String.valueOf(status));
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        endpoint.serve(new byte[HttpsCaller.MAX_BODY_BYTES + 1]);
        assertThat(failed(fetchSpiffe()).reason()).isEqualTo(ReasonCode.BUNDLE_TOO_LARGE);
    }

    @Test
    void givesUpOnABodyThatDrips() {
        endpoint.answer(request -> {
            request.response().setChunked(true);
            vertx.setPeriodic(20, id -> request.response().write(" "));
        });
        FetchOutcome outcome = fetch(
                endpoint.url(),
                new Profile.HttpsSpiffe(endpointId),
                BundleSource.fixed(TestAuthority.bundles(peer)),
                Duration.ofSeconds(1));
        assertThat(failed(outcome).reason()).isEqualTo(ReasonCode.IDLE_TIMEOUT);
    }

    @Test
    void oneLimitCoversAllRedirects() {
        endpoint.answer(request -> vertx.setTimer(
                400,
                id -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/again")
                        .end()));
        FetchOutcome outcome = fetch(
                endpoint.url(),
                new Profile.HttpsSpiffe(endpointId),
                BundleSource.fixed(TestAuthority.bundles(peer)),
                Duration.ofMillis(900));
        assertThat(failed(outcome).reason()).isEqualTo(ReasonCode.IDLE_TIMEOUT);
    }

    @Test
    void saysThatNobodyListens() {
        URI url = endpoint.url();
        endpoint.close();
        assertThat(failed(fetchSpiffe(url)).reason()).isEqualTo(ReasonCode.PEER_UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":[1]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[],\"spiffe_sequence\":-1}",
                "{\"keys\":[],\"spiffe_sequence\":1e400}",
                "{\"keys\":[],\"spiffe_refresh_hint\":\"soon\"}",
                "{\"keys\":[]",
                "{\"keys\":[]} trailing",
                "<html></html>"
            })
    @DisplayName("BND-4.1 refuses what is no bundle document")
    void refusesHostileJson(String body) {
        endpoint.serve(body.getBytes(StandardCharsets.UTF_8));
        assertThat(failed(fetchSpiffe()).reason().name()).startsWith("BUNDLE_");
    }

    @Test
    void refusesJsonNestedWithoutEnd() {
        endpoint.serve("{\"keys\":".concat("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
        assertThat(failed(fetchSpiffe()).reason().name()).startsWith("BUNDLE_");
    }
}
