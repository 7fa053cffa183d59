/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.fetch.PollSchedule;
import io.hanse.exchange.relationship.Configuring;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.TestCluster;
import io.hanse.exchange.store.TrustView;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.ControlServer;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.UnixHttp;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's side: every route over a real Unix socket, between two clusters with real HTTPS endpoints. */
final class ControlRoutesTest {

    private static final int SUBSCRIBERS = 7;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private Vertx vertx;
    private TestCluster bergen;
    private TestCluster lubeck;
    private PeerPolling polling;
    private ControlServer control;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        bergen = new TestCluster("bergen", Files.createDirectory(directory.resolve("bergen")), vertx, clock);
        lubeck = new TestCluster("lubeck", Files.createDirectory(directory.resolve("lubeck")), vertx, clock);
        polling = new PeerPolling(
                lubeck.store,
                new BundleFetcher(
                        new Doorway(new HttpsCaller(vertx), Ticker.system()),
                        new SvidVerifier(clock),
                        new TrustView(lubeck.store),
                        BundleFetcher.LIMIT),
                new PollSchedule(Duration.ofSeconds(5)),
                new ManualScheduler(clock),
                clock,
                new Random(3),
                new SimpleMeterRegistry());
        polling.start();
        ControlApi api = new ControlApi();
        new ControlRoutes(
                        lubeck.us,
                        lubeck.store,
                        new ControlRoutes.Rooms(
                                lubeck.inviting,
                                lubeck.accepting,
                                lubeck.leaving,
                                new Configuring(lubeck.us, lubeck.store, clock),
                                polling),
                        clock,
                        Inviting.USUAL_TTL,
                        () -> SUBSCRIBERS)
                .addTo(api);
        control = ControlServer.start(vertx, socket(), api);
    }

    @AfterEach
    void close() {
        control.close();
        polling.close();
        bergen.close();
        lubeck.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Path socket() {
        return directory.resolve("run").resolve("exchange.sock");
    }

    private JsonNode ok(String method, String path, String body) throws IOException {
        UnixHttp.Response response = UnixHttp.request(socket(), method, path, body);
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private JsonNode get(String path) throws IOException {
        return ok("GET", path, "");
    }

    /** A refusal says what is wrong, under which code, and what to do next. */
    private JsonNode refused(int status, String code, String method, String path, String body) throws IOException {
        UnixHttp.Response response = UnixHttp.request(socket(), method, path, body);
        assertThat(response.status()).as(response.body()).isEqualTo(status);
        assertThat(response.head()).containsIgnoringCase("application/problem+json");
        JsonNode problem = Json.mapper().readTree(response.body());
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(problem.path("next").asText()).as("next of " + problem).isNotBlank();
        return problem;
    }

    private static String body(String name, String value) {
        return Json.text(Map.of(name, value));
    }

    private void connect() throws IOException {
        ok("POST", "/v1/relationships", body("invitation", bergen.invite()));
    }

    @Test
    void onlyItsOwnerMayUseTheSocket() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void statusSaysWhoWeAreAndHowManyWeKnow() throws Exception {
        JsonNode before = get("/v1/status");
        assertThat(before.path("cluster").asText()).isEqualTo("lubeck");
        assertThat(before.path("trustDomain").asText()).isEqualTo("lubeck.example");
        assertThat(before.path("endpointSpiffeId").asText())
                .isEqualTo("spiffe://lubeck.example/ns/hanse-system/sa/trust-bundle-exchange");
        assertThat(before.path("bundle").path("sequence").asLong()).isEqualTo(1);
        assertThat(before.path("subscribers").asInt()).isEqualTo(SUBSCRIBERS);
        assertThat(before.path("relationships").asInt()).isZero();

        lubeck.invite();
        connect();

        JsonNode after = get("/v1/status");
        assertThat(after.path("relationships").asInt()).isEqualTo(1);
        assertThat(after.path("established").asInt()).isEqualTo(1);
        assertThat(after.path("openInvitations").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "accept, look from both names, refresh, disconnect: the life of a relationship as the operator sees it")
    void theLifeOfARelationship() throws Exception {
        JsonNode accepted = ok("POST", "/v1/relationships", body("invitation", bergen.invite()));
        assertThat(accepted.path("bundleSha256").asText()).hasSize(64);
        assertThat(accepted.path("relationship").path("state").asText()).isEqualTo("ESTABLISHED");

        JsonNode byName = get("/v1/relationships/bergen");
        assertThat(get("/v1/relationships/bergen.example")).isEqualTo(byName);
        assertThat(byName.path("profile").asText()).isEqualTo("https_spiffe");
        assertThat(byName.path("weTrustThem").asBoolean()).isTrue();
        assertThat(byName.path("theyTrustUs").asBoolean()).isTrue();
        assertThat(get("/v1/relationships").path("relationships")).hasSize(1);
        assertThat(get("/v1/bundles").path("bundles")).hasSize(2);
        assertThat(get("/v1/bundles/bergen.example").path("keys")).hasSize(2);

        JsonNode refreshed = ok("POST", "/v1/relationships/bergen/refresh", "");
        assertThat(refreshed.path("sequence").asLong()).isEqualTo(1);
        assertThat(refreshed.has("error")).isFalse();

        JsonNode left = ok("DELETE", "/v1/relationships/bergen", "");
        assertThat(left.path("farewell").asBoolean()).isTrue();
        assertThat(bergen.trusts(lubeck)).isFalse();
        JsonNode ended = get("/v1/relationships");
        assertThat(ended.path("relationships")).isEmpty();
        assertThat(ended.path("ended").get(0).path("by").asText()).isEqualTo("US");
        assertThat(ended.path("ended").get(0).path("confirmed").asBoolean()).isTrue();
        refused(404, "UNKNOWN_RELATIONSHIP", "GET", "/v1/bundles/bergen.example", "");
    }

    @Test
    void aPeerThatCannotBeReachedStandsInItsRelationship() throws Exception {
        connect();
        bergen.stopServing();
        JsonNode peer = ok("POST", "/v1/relationships/bergen/refresh", "");
        assertThat(peer.path("lastError").path("code").asText()).isEqualTo("PEER_UNREACHABLE");
        assertThat(peer.path("error").asText()).contains("cannot be reached");
        assertThat(peer.path("weTrustThem").asBoolean())
                .as("the last good bundle stays")
                .isTrue();
        JsonNode left = ok("DELETE", "/v1/relationships/bergen", "");
        assertThat(left.path("farewell").asBoolean()).isFalse();
        assertThat(left.path("farewellError").asText()).isNotBlank();
        assertThat(get("/v1/relationships").path("ended").get(0).has("toldUntil"))
                .isTrue();
    }

    @Test
    @DisplayName(
            "design 2 an invitation's secret leaves once, to the operator who asked, and stands in no other answer")
    void aSecretStandsInNoOtherAnswer() throws Exception {
        JsonNode made = ok("POST", "/v1/invitations", "{\"cluster\":\"bergen\",\"ttlSeconds\":60}");
        String text = made.path("invitation").asText();
        assertThat(Instant.parse(made.path("expiresAt").asText()))
                .isEqualTo(clock.instant().plusSeconds(60));
        String secret = lubeck.store
                .current()
                .invitations()
                .firstEntry()
                .getValue()
                .secret()
                .reveal();
        JsonNode known = get("/v1/invitations").path("invitations").get(0);
        assertThat(known.path("cluster").asText()).isEqualTo("bergen");
        assertThat(known.has("usedBy")).isFalse();
        bergen.accepting.accept(text);
        assertThat(get("/v1/invitations")
                        .path("invitations")
                        .get(0)
                        .path("usedBy")
                        .asText())
                .isEqualTo("bergen.example");
        for (String path : new String[] {"/v1/invitations", "/v1/status", "/v1/relationships", "/v1/bundles"}) {
            assertThat(get(path).toString()).doesNotContain(secret).doesNotContain(text);
        }
    }

    @Test
    void anInvitationWithoutABodyLastsTheUsualTime() throws Exception {
        JsonNode made = ok("POST", "/v1/invitations", "");
        assertThat(Instant.parse(made.path("expiresAt").asText()))
                .isEqualTo(clock.instant().plus(Inviting.USUAL_TTL));
    }

    @Test
    void refusesInvitationsThatCannotBe() throws Exception {
        refused(400, "BAD_REQUEST", "POST", "/v1/invitations", "{\"ttlSeconds\":0}");
        refused(400, "BAD_REQUEST", "POST", "/v1/invitations", "{\"ttlSeconds\":86401}");
        refused(400, "BAD_REQUEST", "POST", "/v1/invitations", "{\"ttlSeconds\":-9223372036854775808}");
        refused(400, "BAD_REQUEST", "POST", "/v1/invitations", "{\"cluster\":\"Not A Name\"}");
        assertThat(lubeck.store.current().invitations()).isEmpty();
    }

    @Test
    void refusesBodiesThatAreNotWhatARouteTakes() throws Exception {
        for (String path : new String[] {"/v1/invitations", "/v1/relationships", "/v1/static-relationships"}) {
            for (String body : new String[] {"[", "[]", "7", "null", "{\"surprise\":1}", "{\"cluster\":{}}"}) {
                UnixHttp.Response response = UnixHttp.request(socket(), "POST", path, body);
                assertThat(response.status()).as(path + " " + body).isEqualTo(400);
                assertThat(response.body()).contains("malformed-body");
            }
        }
        assertThat(UnixHttp.request(socket(), "POST", "/v1/relationships", "x".repeat((1 << 20) + 1))
                        .status())
                .isEqualTo(413);
        assertThat(lubeck.store.current().invitations()).isEmpty();
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    void refusesToAcceptWhatIsNoInvitation() throws Exception {
        refused(400, "INVITATION_ALTERED", "POST", "/v1/relationships", "{}");
        refused(400, "INVITATION_ALTERED", "POST", "/v1/relationships", body("invitation", "hello"));
        refused(409, "INVITATION_SELF", "POST", "/v1/relationships", body("invitation", lubeck.invite()));
    }

    @Test
    void refusesNamesThatItDoesNotKnow() throws Exception {
        refused(404, "UNKNOWN_RELATIONSHIP", "GET", "/v1/relationships/nobody", "");
        refused(404, "UNKNOWN_RELATIONSHIP", "DELETE", "/v1/relationships/nobody", "");
        refused(404, "UNKNOWN_RELATIONSHIP", "DELETE", "/v1/relationships/lubeck", "");
        refused(404, "UNKNOWN_RELATIONSHIP", "POST", "/v1/relationships/nobody/refresh", "");
        refused(404, "UNKNOWN_RELATIONSHIP", "GET", "/v1/bundles/nobody.example", "");
        assertThat(UnixHttp.get(socket(), "/v1/nothing").status()).isEqualTo(404);
        assertThat(UnixHttp.request(socket(), "PUT", "/v1/status", "").status()).isEqualTo(405);
    }

    private ObjectNode staticWeb() {
        return Json.mapper()
                .createObjectNode()
                .put("trustDomain", "visby.example")
                .put("url", "https://visby.example/bundle")
                .put("profile", "https_web");
    }

    private ObjectNode staticSpiffe() throws IOException {
        TestAuthority visby = TestAuthority.of("visby.example");
        return staticWeb()
                .put("profile", "https_spiffe")
                .put("endpointSpiffeId", "spiffe://visby.example/spire/server")
                .set("bundle", Json.mapper().readTree(BundleJson.format(visby.bundle())));
    }

    @Test
    @DisplayName("FED-5.1, FED-6 a relationship by hand is one-way and trusts what it was given")
    void configuresARelationshipByHand() throws Exception {
        JsonNode made = ok("POST", "/v1/static-relationships", staticSpiffe().toString());
        assertThat(made.path("endpointSpiffeId").asText()).isEqualTo("spiffe://visby.example/spire/server");
        assertThat(made.path("weTrustThem").asBoolean()).isTrue();
        assertThat(made.has("theyTrustUs")).isFalse();
        assertThat(get("/v1/bundles/visby.example").path("keys")).hasSize(2);
        refused(
                409,
                "ALREADY_CONNECTED",
                "POST",
                "/v1/static-relationships",
                staticWeb().toString());
        JsonNode left = ok("DELETE", "/v1/relationships/visby.example", "");
        assertThat(left.path("farewellError").asText()).contains("was not told");
    }

    @Test
    @DisplayName("FED-5.1 URL, profile and trust domain are each required; none is inferred")
    void refusesARelationshipByHandWithOneThingMissing() throws Exception {
        for (String member : new String[] {"trustDomain", "url", "profile"}) {
            ObjectNode without = staticWeb();
            without.remove(member);
            assertThat(refused(400, "BAD_REQUEST", "POST", "/v1/static-relationships", without.toString())
                            .path("detail")
                            .asText())
                    .contains(member);
        }
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    @DisplayName("FED-5.2 a relationship by hand is refused when profile, URL or names do not go together")
    void refusesARelationshipByHandThatCannotBe() throws Exception {
        refusedStatic("http URL", staticWeb(), wanted -> wanted.put("url", "http://visby.example/"));
        refusedStatic("userinfo", staticWeb(), wanted -> wanted.put("url", "https://u:p@visby.example/"));
        refusedStatic("profile", staticWeb(), wanted -> wanted.put("profile", "https"));
        refusedStatic("trust domain", staticWeb(), wanted -> wanted.put("trustDomain", "Visby Example"));
        refusedStatic("ID with https_web", staticWeb(), wanted -> wanted.put("endpointSpiffeId", "spiffe://v/a"));
        refusedStatic("no ID", staticSpiffe(), wanted -> wanted.remove("endpointSpiffeId"));
        refusedStatic("ID without a path", staticSpiffe(), wanted -> wanted.put("endpointSpiffeId", "spiffe://v"));
        refusedStatic("no first bundle", staticSpiffe(), wanted -> wanted.remove("bundle"));
        refusedStatic("bundle", staticSpiffe(), wanted -> wanted.putObject("bundle"));
        refusedStatic("authorities with https_spiffe", staticSpiffe(), wanted -> wanted.put("extraAuthorities", "/x"));
        ObjectNode own = staticWeb().put("trustDomain", "lubeck.example");
        refused(409, "TRUST_DOMAIN_CLAIMED", "POST", "/v1/static-relationships", own.toString());
        ObjectNode namesake = staticWeb().put("cluster", "lubeck");
        refused(409, "CLUSTER_NAME_CLAIMED", "POST", "/v1/static-relationships", namesake.toString());
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    private void refusedStatic(String what, ObjectNode wanted, Consumer<ObjectNode> change) throws IOException {
        change.accept(wanted);
        JsonNode problem = refused(400, "BAD_REQUEST", "POST", "/v1/static-relationships", wanted.toString());
        assertThat(problem.path("detail").asText()).as(what).doesNotContain("Exception");
    }
}
