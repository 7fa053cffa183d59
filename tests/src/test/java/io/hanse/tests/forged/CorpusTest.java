/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.ca.attest.Refusal;
import io.hanse.exchange.relationship.RefusalCode;
import io.hanse.model.reason.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whether the corpus is whole, and the reason codes tell what they can. */
final class CorpusTest {

    private static final int LEAST = 100;

    /** The rules of shared/reference/spiffe.md 1.2, 1.3, 1.5 and 1.6 that what somebody shows us can break. */
    private static final Set<String> RULES = Set.of(
            "X509-2",
            "X509-3.1a",
            "X509-3.1b",
            "X509-3.2a",
            "X509-3.2b",
            "X509-4.1",
            "X509-4.2",
            "X509-4.3a",
            "X509-4.3b",
            "X509-4.4",
            "X509-5.1",
            "X509-5.2",
            "X509-6.2",
            "WL-4.6",
            "JWT-1",
            "JWT-2",
            "JWT-2.1",
            "JWT-2.2",
            "JWT-2.3",
            "JWT-3.1",
            "JWT-3.2",
            "JWT-3.3",
            "JWT-6.2",
            "BND-3",
            "BND-4.1",
            "BND-4.1.1",
            "BND-4.1.2",
            "BND-4.1.3",
            "BND-4.2.1",
            "BND-4.2.2",
            "BND-5.1.1",
            "FED-4.1b",
            "FED-4.2a",
            "FED-5.2.2.1",
            "FED-5.2.2.3",
            "FED-5.2.2.4a",
            "ID-2",
            "ID-2.1a",
            "ID-2.1b",
            "ID-2.2",
            "ID-2.3b",
            "ID-3.2");

    /** Those that it cannot, and why. */
    private static final Map<String, String> NOT_SHOWN = Map.ofEntries(
            Map.entry("X509-6.1", "how we publish; BundleJsonWriteTest"),
            Map.entry("JWT-5.2", "how a bearer carries a token"),
            Map.entry("JWT-5.3", "how a bearer carries a token"),
            Map.entry("JWT-6.1", "how we publish; BundleJsonWriteTest"),
            Map.entry("JWT-7.1", "allows jti, forbids nothing"),
            Map.entry("BND-4.2", "how we publish; BundleJsonWriteTest"),
            Map.entry("BND-6.1", "when we poll; PeerPollingTest"),
            Map.entry("BND-6.2", "a recommendation to publishers"),
            Map.entry("FED-4.1a", "when we publish; RotationTest of spiffe-ca"),
            Map.entry("FED-4.1c", "when we poll; PeerPollingTest"),
            Map.entry("FED-4.2b", "that bundles are never merged; shown here as WL-4.6 and BND-3"),
            Map.entry("FED-5a", "which TLS versions are spoken; PublishTest"),
            Map.entry("FED-5.1", "what an operator configures; StaticRequest"),
            Map.entry("FED-5.2.1.1", "the same check of URLs as FED-5.2.2.1"),
            Map.entry("FED-5.2.1.2", "a parameter that must not be needed"),
            Map.entry("FED-5.2.1.3", "how we serve; PublishTest"),
            Map.entry("FED-5.2.1.4", "certificates of the public web, no SVIDs; BundleFetcherTest"),
            Map.entry("FED-5.2.2.2", "what an operator configures; StaticRequest"),
            Map.entry("FED-5.2.2.4b", "which bundle verifies over time; PeerPollingTest"),
            Map.entry("FED-5.2.2.4c", "which bundle verifies over time; PeerPollingTest"),
            Map.entry("FED-6", "that a relationship is one-way; RefusalsTest"),
            Map.entry("FED-6.2", "when we poll; PeerPollingTest"),
            Map.entry("FED-6.3", "what we do at the end; FarewellTest"),
            Map.entry("FED-7.6", "what we log"));

    /** Codes that answer for several rules, because what is found is one thing and who is to blame cannot be told. */
    private static final Map<ReasonCode, String> ONE_FINDING = Map.ofEntries(
            Map.entry(
                    ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                    "no path to an authority of the trust domain, whatever is amiss"),
            Map.entry(ReasonCode.CERTIFICATE_SIGNATURE, "a signature that does not verify, whatever was changed"),
            Map.entry(ReasonCode.CERTIFICATE_MALFORMED, "what no parser reads, whichever rule of RFC 5280 it breaks"),
            Map.entry(ReasonCode.CERTIFICATE_EXPIRED, "the leaf is over, also if it ended before it began"),
            Map.entry(ReasonCode.CERTIFICATE_IS_AUTHORITY, "cA in what authenticates is X509-SVID 3.2 and 4.1 at once"),
            Map.entry(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, "cA false and cA absent are one: no authority"),
            Map.entry(ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, "the key usage of an authority, X509-SVID 4.3"),
            Map.entry(
                    ReasonCode.CERTIFICATE_AUTHORITY_ID, "an authority's ID is not its trust domain's, X509-SVID 3.2"),
            Map.entry(ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "the trust domain holds what none may, SPIFFE-ID 2 and 2.1"),
            Map.entry(ReasonCode.SPIFFE_ID_PATH, "the path holds what none may, SPIFFE-ID 2 and 2.2"),
            Map.entry(ReasonCode.BUNDLE_EMPTY, "nothing usable is left, which revokes, whatever was skipped"),
            Map.entry(ReasonCode.BUNDLE_MALFORMED, "not a JWK set"),
            Map.entry(ReasonCode.BUNDLE_KEY_MALFORMED, "a key that cannot be read"),
            Map.entry(ReasonCode.ENDPOINT_REDIRECTED, "a redirect that is not followed"),
            Map.entry(ReasonCode.TOKEN_MEMBER_REPEATED, "twice the same member, in header or claims"),
            Map.entry(ReasonCode.TOKEN_KEY_UNKNOWN, "the subject's trust domain has no such key, for whichever reason"),
            Map.entry(ReasonCode.TOKEN_SIGNATURE, "a signature that does not verify, whatever was changed"),
            Map.entry(ReasonCode.TOKEN_SUBJECT, "sub is no SPIFFE ID of a workload, JWT-SVID 3.1"),
            Map.entry(ReasonCode.TOKEN_CLAIMS, "a claim of the wrong type"),
            Map.entry(ReasonCode.TOKEN_NOT_YET_VALID, "a token from the future, by nbf or iat"),
            Map.entry(ReasonCode.TRUST_DOMAIN_UNKNOWN, "no bundle, for certificates and tokens alike"),
            Map.entry(ReasonCode.CSR_MALFORMED, "what no parser reads"),
            Map.entry(ReasonCode.IDENTITY_MALFORMED, "the ID asked for is none of a workload"));

    @Test
    void thereAreMoreThanAHundredAndNoTwoAreTheSame() {
        List<String> names = Corpus.all().stream().map(Forgery::toString).toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(LEAST);
        assertThat(Corpus.CERTIFICATES.stream().map(Forgery::toString)).doesNotHaveDuplicates();
        assertThat(Corpus.TOKENS.stream().map(Forgery::toString)).doesNotHaveDuplicates();
        assertThat(Corpus.BUNDLES.stream().map(Forgery::toString)).doesNotHaveDuplicates();
        assertThat(Corpus.REQUESTS.stream().map(Forgery::toString)).doesNotHaveDuplicates();
    }

    @Test
    void everyRuleThatCanBeBrokenByWhatIsShownIsBrokenByOne() {
        Set<String> broken = Corpus.all().stream().map(Forgery::rule).collect(Collectors.toSet());
        assertThat(broken).containsAll(RULES);
        assertThat(RULES).doesNotContainAnyElementsOf(NOT_SHOWN.keySet());
    }

    @Test
    void noCodeAnswersForSeveralRulesUnlessTheyAreOneFinding() {
        Map<ReasonCode, Set<String>> rules = new EnumMap<>(ReasonCode.class);
        for (Forgery<?> forgery : Corpus.all()) {
            if (!forgery.rule().equals("house")) {
                rules.computeIfAbsent(forgery.expected(), code -> new TreeSet<>())
                        .add(forgery.rule());
            }
        }
        rules.forEach((code, broken) -> assertThat(broken.size() == 1 || ONE_FINDING.containsKey(code))
                .as("%s answers for %s", code, broken)
                .isTrue());
        assertThat(rules.keySet())
                .doesNotContain(ReasonCode.TLS_HANDSHAKE_FAILED, ReasonCode.PROTOCOL_ERROR, ReasonCode.INTERNAL_ERROR);
    }

    @Test
    void thereIsOneListOfReasons() {
        assertThat(Arrays.stream(Refusal.Code.values())
                        .map(code -> code.reason().name()))
                .containsExactlyElementsOf(
                        Arrays.stream(Refusal.Code.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(RefusalCode.values()).map(code -> code.reason().name()))
                .containsExactlyElementsOf(
                        Arrays.stream(RefusalCode.values()).map(Enum::name).toList());
    }

    @Test
    void everyReasonIsDocumentedInItsOwnWords() throws IOException {
        String page = Files.readString(documentation());
        for (ReasonCode code : ReasonCode.values()) {
            assertThat(page).contains("| `%s` | %s |".formatted(code, code.meaning()));
        }
    }

    private static Path documentation() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path page = folder.resolve("docs/reason-codes.md");
            if (Files.exists(page)) {
                return page;
            }
        }
        throw new AssertionError("docs/reason-codes.md is missing");
    }
}
