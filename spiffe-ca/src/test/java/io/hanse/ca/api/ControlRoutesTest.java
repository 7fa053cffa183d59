/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.attest.Verdict;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlRoutesTest {

    private static final HostPort ADDRESS = HostPort.parse("127.0.0.1:15012");

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();
    private final ControlApi api = new ControlApi();
    private Optional<HostPort> address = Optional.of(ADDRESS);
    private TestCa ca;
    private JoinTokens tokens;
    private BannedNodes banned;

    @BeforeEach
    void open() {
        ca = TestCa.open(directory, clock);
        tokens = ca.tokens();
        banned = ca.banned();
        new ControlRoutes(
                        TestCa.TRUST_DOMAIN,
                        ca.authorities,
                        ca.journal,
                        tokens,
                        banned,
                        Duration.ofMinutes(10),
                        () -> address)
                .addTo(api);
    }

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    void aJoinTokenHoldsAllThatAJoinerNeeds() throws Exception {
        JsonNode made = ok("POST", "/v1/join-tokens", "{\"spiffeId\":\"spiffe://lubeck.example/hanse/node/n1\"}");
        JoinToken token = JoinToken.parse(made.get("token").textValue());
        assertThat(token.spiffeId().toString()).isEqualTo("spiffe://lubeck.example/hanse/node/n1");
        assertThat(token.ca()).isEqualTo(ADDRESS);
        assertThat(token.bundle().hasSameKeysAs(ca.authorities.image().bundle()))
                .isTrue();
        assertThat(token.expiresAt()).isEqualTo(TestCa.START.plus(Duration.ofMinutes(10)));
        assertThat(made.get("expiresAt").textValue())
                .isEqualTo(token.expiresAt().toString());
        assertThat(tokens.consume(token.secret())).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void aJoinTokensLifeCanBeChosenWithinBounds() {
        String wish =
                "{\"spiffeId\":\"spiffe://lubeck.example/ns/hanse-system/sa/cluster-registry\",\"ttlSeconds\":%d}";
        assertThat(ok("POST", "/v1/join-tokens", wish.formatted(60))
                        .get("expiresAt")
                        .textValue())
                .isEqualTo(TestCa.START.plusSeconds(60).toString());
        assertThat(problem("POST", "/v1/join-tokens", wish.formatted(0)).code()).isEqualTo("ttl-out-of-range");
        assertThat(problem("POST", "/v1/join-tokens", wish.formatted(86_401)).code())
                .isEqualTo("ttl-out-of-range");
    }

    @Test
    void tokensAreForNodesAndProcessesOfThisTrustDomainOnly() {
        assertThat(tokenRefusal("spiffe://bergen.example/hanse/node/n1")).isEqualTo("foreign-trust-domain");
        assertThat(tokenRefusal("spiffe://lubeck.example/ns/shop/sa/web")).isEqualTo("not-a-joiner");
        assertThat(tokenRefusal("spiffe://lubeck.example/hanse/other")).isEqualTo("not-a-joiner");
        assertThat(tokenRefusal("spiffe://lubeck.example")).isEqualTo("not-a-joiner");
        assertThat(tokenRefusal("spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca"))
                .isEqualTo("not-a-joiner");
        assertThat(tokenRefusal("n1")).isEqualTo("malformed-id");
        assertThat(problem("POST", "/v1/join-tokens", "{}").code()).isEqualTo("malformed-id");
        assertThat(problem("POST", "/v1/join-tokens", "{").code()).isEqualTo("malformed-body");
        banned.ban("n1");
        assertThat(tokenRefusal("spiffe://lubeck.example/hanse/node/n1")).isEqualTo("node-banned");
    }

    @Test
    void noTokenBeforeItListens() {
        address = Optional.empty();
        assertThat(tokenRefusal("spiffe://lubeck.example/hanse/node/n1")).isEqualTo("not-listening");
    }

    @Test
    void authoritiesGoThroughAllStatesByCommand() {
        String first = ca.authorities.signer(AuthorityKind.X509).keyId();
        ca.issue("/ns/shop/sa/web");
        JsonNode prepared = ok("POST", "/v1/authorities/x509/prepare", "");
        String second = prepared.get("keyId").textValue();
        assertThat(states("x509")).isEqualTo("active prepared");
        assertThat(prepared.at("/authorities/x509/1/readyAt").textValue())
                .isEqualTo(TestCa.START.plus(TestCa.HINT.multipliedBy(3)).toString());

        Reply.Problem early = problem("POST", "/v1/authorities/x509/activate", "");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.detail()).contains("ready in 900 s");
        assertThat(early.next()).contains("connect-clusters authority activate --force");

        ok("POST", "/v1/authorities/x509/activate", "{\"keyId\":\"" + second + "\",\"force\":true}");
        assertThat(states("x509")).isEqualTo("retiring active");
        assertThat(problem("POST", "/v1/authorities/x509/revoke", "{\"keyId\":\"" + first + "\"}")
                        .code())
                .isEqualTo("not-tainted");
        ok("POST", "/v1/authorities/x509/taint", "{\"keyId\":\"" + first + "\"}");
        assertThat(problem("POST", "/v1/authorities/x509/revoke", "").detail()).startsWith("1 SVIDs");
        ok("POST", "/v1/authorities/x509/revoke", "{\"force\":true}");
        assertThat(states("x509")).isEqualTo("revoked active");
        assertThat(states("jwt")).isEqualTo("active");
    }

    @Test
    void anUnknownKindIsNamed() {
        assertThat(problem("POST", "/v1/authorities/ssh/prepare", "").code()).isEqualTo("unknown-kind");
    }

    @Test
    void statusSaysWhatSignsAndWhatIsNext() {
        ca.issue("/ns/shop/sa/web");
        JsonNode status = ok("GET", "/v1/status", "");
        assertThat(status.get("trustDomain").textValue()).isEqualTo("lubeck.example");
        assertThat(status.get("active").textValue())
                .isEqualTo(ca.authorities.signer(AuthorityKind.X509).keyId());
        assertThat(status.has("prepared")).isFalse();
        assertThat(status.get("svidsValid").intValue()).isEqualTo(1);
        assertThat(status.get("issued").intValue()).isEqualTo(1);
        assertThat(status.get("soonestExpiry").textValue())
                .isEqualTo(TestCa.START.plus(TestCa.SVID).toString());
        assertThat(status.has("nextRotation")).isTrue();
    }

    @Test
    void theJournalIsShownNewestFirstAndBounded() {
        ca.issue("/ns/shop/sa/a");
        ca.issue("/ns/shop/sa/b");
        JsonNode all = ok("GET", "/v1/journal", "");
        assertThat(all.get("entries")).hasSize(2);
        assertThat(all.at("/entries/0/spiffeId").textValue()).endsWith("/b");
        assertThat(all.at("/entries/0/requester").textValue()).isEqualTo("test");
        assertThat(((Reply.Json) api.call("GET", "/v1/journal", Map.of("limit", "1"), "")).value())
                .isInstanceOfSatisfying(
                        ControlRoutes.JournalPage.class,
                        page -> assertThat(page.entries()).hasSize(1));
        for (String wrong : new String[] {"0", "-1", "1001", "many"}) {
            assertThat(api.call("GET", "/v1/journal", Map.of("limit", wrong), ""))
                    .isInstanceOfSatisfying(
                            Reply.Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo("limit-out-of-range"));
        }
    }

    @Test
    void nodesAreBannedAndBansLifted() {
        assertThat(ok("POST", "/v1/nodes/n1/ban", "").at("/banned/0/node").textValue())
                .isEqualTo("n1");
        assertThat(ok("GET", "/v1/nodes/banned", "").get("banned")).hasSize(1);
        assertThat(banned.contains("n1")).isTrue();
        assertThat(ok("DELETE", "/v1/nodes/n1/ban", "").get("banned")).isEmpty();
        assertThat(problem("POST", "/v1/nodes/n 1/ban", "").code()).isEqualTo("malformed-node");
    }

    private String tokenRefusal(String id) {
        return problem("POST", "/v1/join-tokens", "{\"spiffeId\":\"" + id + "\"}")
                .code();
    }

    private String states(String kind) {
        StringBuilder states = new StringBuilder();
        ok("GET", "/v1/authorities", "")
                .get(kind)
                .forEach(one -> states.append(one.get("state").textValue()).append(' '));
        return states.toString().strip();
    }

    private JsonNode ok(String method, String path, String body) {
        Reply reply = api.call(method, path, Map.of(), body);
        assertThat(reply).isInstanceOf(Reply.Json.class);
        return Json.mapper().valueToTree(((Reply.Json) reply).value());
    }

    private Reply.Problem problem(String method, String path, String body) {
        Reply reply = api.call(method, path, Map.of(), body);
        assertThat(reply).isInstanceOf(Reply.Problem.class);
        return (Reply.Problem) reply;
    }
}
