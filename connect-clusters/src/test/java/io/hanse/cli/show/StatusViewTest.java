/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden screens of {@code status}: what a person reads, to the letter. */
final class StatusViewTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:17:00Z");

    private static final String CA = "{\"nextRotation\":\"2026-11-23T19:29:00Z\"}";

    private static final String AUTHORITIES = "{\"x509\":[{\"state\":\"ACTIVE\"},{\"state\":\"PREPARED\"}]}";

    private static final String WORKLOADS = "[{\"svid\":{\"expiresAt\":\"2026-11-23T14:48:00Z\"}},{}]";

    private static final String BERGEN = """
            {"cluster":"bergen","trustDomain":"bergen.example","weTrustThem":true,"theyTrustUs":true,
             "sequence":7,"refreshedAt":"2026-11-23T14:16:19Z"}""";

    private static final String BERGEN_UP = """
            {"trustDomain":"bergen.example","state":"connected","connectedSince":"2026-11-23T12:17:00Z",
             "exportsToPeer":{"count":2},"importsFromPeer":{"count":3}}""";

    private static final String PROBED = """
            {"trustDomain":"bergen.example","ok":true,"rttMillis":1.8,"at":"2026-11-23T14:16:55Z"}""";

    private final ObjectMapper json = new ObjectMapper();
    private final PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    private final Screen screen = new Screen(nowhere, nowhere, false, false);

    @Test
    void aClusterThatIsFineIsOneHeadlineAndOneLineAPeer() throws JsonProcessingException {
        assertThat(shown(facts(list(BERGEN), list(BERGEN_UP), "[]", list(PROBED), "[]")))
                .isEqualTo("""
                lubeck (lubeck.example)   roots 1 active, 1 prepared   next rotation in 5h 12m   SVIDs 2, soonest expiry in 31m

                PEER     TRUST             BUNDLE           CONTROL   DATA PATH        EXPORTS   IMPORTS
                bergen   both directions   seq 7, 41s ago   up 2h     1.8 ms, 5s ago   2         3""");
    }

    @Test
    void everyProblemSaysWhatAndWhatToRunNext() throws JsonProcessingException {
        String down = """
                {"trustDomain":"bergen.example","state":"leased-out","connectedSince":"2026-11-23T05:17:00Z",
                 "lastError":"connection refused","exportsToPeer":{"count":0},"importsFromPeer":{"count":0},"withdrawn":2}""";
        String failed = """
                {"trustDomain":"bergen.example","ok":false,"at":"2026-11-23T14:16:58Z","error":"connection refused"}""";
        String problem = "{\"file\":\"a.yaml\",\"line\":3,\"message\":\"spec.ports: missing\"}";
        String listener = "{\"process\":\"node-proxy-a\",\"address\":\"127.0.0.9:80\",\"why\":\"in use\"}";

        assertThat(shown(facts(
                        list(BERGEN.replace("\"theyTrustUs\":true", "\"theyTrustUs\":false,\"error\":\"timeout\"")),
                        list(down),
                        list(problem),
                        list(failed),
                        list(listener))))
                .isEqualTo("""
                lubeck (lubeck.example)   roots 1 active, 1 prepared   next rotation in 5h 12m   SVIDs 2, soonest expiry in 31m

                PEER     TRUST             BUNDLE             CONTROL     DATA PATH          EXPORTS   IMPORTS
                bergen   we -> them only   seq 7, 41s ago !   down 9h !   failed, 2s ago !   0         0 (2 withdrawn)

                manifests: a.yaml:3: spec.ports: missing
                           Next: correct the file; the last good state of it stays in force

                node-proxy-a: 127.0.0.9:80: in use
                              Next: free the address, or name another one in the manifest; it is tried again every 10s

                bergen: trust holds in one direction only
                        Next: connect-clusters disconnect bergen

                bergen: its bundle could not be refreshed: timeout; the last good one stays in force
                        Next: connect-clusters bundle show

                bergen: its registry is not reached: connection refused; its endpoints are withdrawn when their lease runs out
                        Next: ask its operator whether the control plane and gateway run

                bergen: no probe gets through its gateway: connection refused
                        Next: connect-clusters explain <client> <service:port>""");
    }

    @Test
    void aNoticeIsShownAndIsNoProblem() throws JsonProcessingException {
        StatusFacts facts = facts(list(BERGEN), list(BERGEN_UP), list("""
                {"severity":"notice","file":"a.yaml","line":3,"message":"kind ConfigMap is not used"}"""), list(PROBED), "[]");

        StatusView view = new StatusView(facts, times());

        assertThat(view.problems()).isEmpty();
        assertThat(shown(facts)).endsWith("\n\nnotice: a.yaml:3: kind ConfigMap is not used");
        assertThat(view.json().path("fine").asBoolean()).isTrue();
        assertThat(view.json().path("notices")).isEqualTo(json.readTree("[\"a.yaml:3: kind ConfigMap is not used\"]"));
    }

    @Test
    void withoutTheExchangePeersAreUnknownAndNotNone() throws JsonProcessingException {
        StatusFacts facts = new StatusFacts(
                "lubeck",
                "lubeck.example",
                List.of(new StatusFacts.Silent(
                        "trust-bundle-exchange does not answer (no socket)", "connect-clusters run")),
                json.readTree(CA),
                json.readTree(AUTHORITIES),
                MissingNode.getInstance(),
                json.readTree("{}"),
                json.readTree(list(BERGEN_UP)),
                json.readTree("[]"),
                json.readTree(list(PROBED)),
                json.readTree(WORKLOADS),
                json.readTree("[]"),
                json.readTree("[]"));

        assertThat(shown(facts)).contains("peers unknown").doesNotContain("no peers");
        assertThat(new StatusView(facts, times()).json().path("peers").isNull()).isTrue();
    }

    @Test
    void aPeerThatNoNodeProbedIsNotProvedToBeFine() throws JsonProcessingException {
        StatusFacts facts = facts(list(BERGEN), list(BERGEN_UP), "[]", "[]", "[]");

        assertThat(shown(facts)).contains("no probe   ").contains("bergen: no probe went through its gateway yet");
        assertThat(new StatusView(facts, times()).json().path("fine").asBoolean())
                .isFalse();
    }

    @Test
    void aClusterWithoutPeersSaysHowToGetOne() throws JsonProcessingException {
        assertThat(shown(facts("[]", "[]", "[]", "[]", "[]")))
                .endsWith("no peers. Next: connect-clusters invite <cluster>, or accept an invitation");
    }

    @Test
    void aProcessThatIsSilentIsAFindingAndTheRestIsShown() throws JsonProcessingException {
        StatusFacts facts = new StatusFacts(
                "lubeck",
                "lubeck.example",
                List.of(new StatusFacts.Silent(
                        "spiffe-ca does not answer (no socket)", "connect-clusters run spiffe-ca")),
                MissingNode.getInstance(),
                MissingNode.getInstance(),
                json.readTree("[]"),
                MissingNode.getInstance(),
                json.readTree("[]"),
                json.readTree("[]"),
                json.readTree("[]"),
                json.readTree(WORKLOADS),
                json.readTree("[]"),
                json.readTree("[]"));

        assertThat(shown(facts))
                .startsWith("lubeck (lubeck.example)   roots unknown")
                .contains(
                        "lubeck: spiffe-ca does not answer (no socket)\n        Next: connect-clusters run spiffe-ca");
        assertThat(new StatusView(facts, times()).json().path("fine").asBoolean())
                .isFalse();
    }

    @Test
    void whatAProcessSaysOfItselfIsShownWithItsAgeAndCounts() throws JsonProcessingException {
        StatusFacts facts = facts(list(BERGEN), list(BERGEN_UP), "[]", list(PROBED), "[]", list("""
                {"process":"node-proxy-a","problem":{"task":"own certificate","what":"not renewed: spiffe-ca is away",
                 "since":"2026-11-23T14:05:00Z","next":"connect-clusters run spiffe-ca"}}"""));

        assertThat(shown(facts)).endsWith("""
                bergen   both directions   seq 7, 41s ago   up 2h     1.8 ms, 5s ago   2         3

                node-proxy-a: own certificate: not renewed: spiffe-ca is away (for 12m)
                              Next: connect-clusters run spiffe-ca""");
        ObjectNode document = new StatusView(facts, times()).json();
        assertThat(document.path("fine").asBoolean()).isFalse();
        assertThat(document.path("problems")).isEqualTo(json.readTree(list("""
                {"object":"node-proxy-a","what":"own certificate: not renewed: spiffe-ca is away",
                 "since":"2026-11-23T14:05:00Z","next":"connect-clusters run spiffe-ca"}""")));
    }

    private StatusFacts facts(
            String relationships, String registryPeers, String problems, String probes, String listeners)
            throws JsonProcessingException {
        return facts(relationships, registryPeers, problems, probes, listeners, "[]");
    }

    private StatusFacts facts(
            String relationships,
            String registryPeers,
            String problems,
            String probes,
            String listeners,
            String processProblems)
            throws JsonProcessingException {
        return new StatusFacts(
                "lubeck",
                "lubeck.example",
                List.of(),
                json.readTree(CA),
                json.readTree(AUTHORITIES),
                json.readTree(relationships),
                json.readTree("{}"),
                json.readTree(registryPeers),
                json.readTree(problems),
                json.readTree(probes),
                json.readTree(WORKLOADS),
                json.readTree(listeners),
                json.readTree(processProblems));
    }

    private String shown(StatusFacts facts) {
        return String.join("\n", new StatusView(facts, times()).lines(screen));
    }

    private static Times times() {
        return new Times(InstantSource.fixed(NOW), ZoneOffset.UTC);
    }

    private static String list(String element) {
        return "[" + element + "]";
    }
}
