/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Bundle documents with one thing wrong, and endpoints that answer with something else. */
final class BundleForgeries {

    /** What an endpoint answers. */
    record Served(int status, Optional<String> location, String body) {

        static Served document(String body) {
            return new Served(200, Optional.empty(), body);
        }

        static Served redirect(String location) {
            return new Served(302, Optional.of(location), "");
        }
    }

    /** How an answer is made for the trust domain whose bundle it is to be. */
    @FunctionalInterface
    interface Answer extends Function<TestAuthority, Served> {}

    /** The sequence that a door holds already. */
    static final long HELD = 7;

    private final List<Forgery<Answer>> all = new ArrayList<>();

    private BundleForgeries() {}

    static List<Forgery<Answer>> all() {
        BundleForgeries list = new BundleForgeries();
        list.documents();
        list.members();
        list.sizes();
        list.keys();
        list.endpoints();
        return List.copyOf(list.all);
    }

    /** The genuine document, with a sequence above the one held. */
    static ObjectNode genuine(TestAuthority authority) {
        try {
            ObjectNode document = (ObjectNode) Json.mapper().readTree(BundleJson.format(authority.bundle()));
            return document.put("spiffe_sequence", HELD + 1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void text(String rule, String name, ReasonCode expected, Function<TestAuthority, String> document) {
        all.add(new Forgery<>(name, rule, expected, authority -> Served.document(document.apply(authority))));
    }

    private void tree(String rule, String name, ReasonCode expected, Consumer<ObjectNode> change) {
        text(rule, name, expected, authority -> {
            ObjectNode document = genuine(authority);
            change.accept(document);
            return document.toString();
        });
    }

    private void documents() {
        text("BND-4.1", "a web page", ReasonCode.BUNDLE_MALFORMED, authority -> "<html></html>");
        text("BND-4.1", "nothing", ReasonCode.BUNDLE_MALFORMED, authority -> "");
        text("BND-4.1", "a list", ReasonCode.BUNDLE_MALFORMED, authority -> "[" + genuine(authority) + "]");
        text("BND-4.1", "two documents", ReasonCode.BUNDLE_MALFORMED, authority -> genuine(authority) + "{}");
        text("BND-4.1", "a document cut short", ReasonCode.BUNDLE_MALFORMED, authority -> {
            String whole = genuine(authority).toString();
            return whole.substring(0, whole.length() - 1);
        });
        text(
                "BND-3",
                "another trust domain's bundle",
                ReasonCode.BUNDLE_FOREIGN,
                authority -> genuine(TestAuthority.of(Target.NEIGHBOUR)).toString());
    }

    private void members() {
        tree("BND-4.1.3", "no keys", ReasonCode.BUNDLE_WITHOUT_KEYS, document -> document.remove("keys"));
        tree("BND-4.1.3", "keys that are no list", ReasonCode.BUNDLE_MALFORMED, document -> document.putObject("keys"));
        tree(
                "BND-4.1.3",
                "a key that is text",
                ReasonCode.BUNDLE_MALFORMED,
                document -> document.withArray("keys").add("key"));
        tree(
                "BND-4.1.1",
                "a negative sequence",
                ReasonCode.BUNDLE_SEQUENCE_MALFORMED,
                document -> document.put("spiffe_sequence", -1));
        tree(
                "BND-4.1.1",
                "a sequence with a fraction",
                ReasonCode.BUNDLE_SEQUENCE_MALFORMED,
                document -> document.put("spiffe_sequence", 8.5));
        tree(
                "BND-4.1.1",
                "a sequence in quotes",
                ReasonCode.BUNDLE_SEQUENCE_MALFORMED,
                document -> document.put("spiffe_sequence", "8"));
        tree(
                "BND-4.1.1",
                "a sequence of 65 bits",
                ReasonCode.BUNDLE_SEQUENCE_MALFORMED,
                document -> document.put("spiffe_sequence", java.math.BigInteger.ONE.shiftLeft(64)));
        tree(
                "FED-4.2a",
                "a sequence lower than the one held",
                ReasonCode.BUNDLE_ROLLED_BACK,
                document -> document.put("spiffe_sequence", HELD - 1));
        tree(
                "BND-4.1.2",
                "a negative hint",
                ReasonCode.BUNDLE_HINT_MALFORMED,
                document -> document.put("spiffe_refresh_hint", -300));
        tree(
                "BND-4.1.2",
                "a hint in quotes",
                ReasonCode.BUNDLE_HINT_MALFORMED,
                document -> document.put("spiffe_refresh_hint", "5m"));
        text(
                "BND-5.1.1",
                "keys twice",
                ReasonCode.BUNDLE_MEMBER_REPEATED,
                authority -> "{\"keys\":[]," + genuine(authority).toString().substring(1));
        text(
                "BND-5.1.1",
                "a member of a key twice",
                ReasonCode.BUNDLE_MEMBER_REPEATED,
                authority ->
                        genuine(authority).toString().replaceFirst("\"kty\":\"EC\"", "\"kty\":\"RSA\",\"kty\":\"EC\""));
        text(
                "BND-5.1.1",
                "a member that nobody reads twice",
                ReasonCode.BUNDLE_MEMBER_REPEATED,
                authority -> "{\"x\":{\"a\":1,\"a\":2},"
                        + genuine(authority).toString().substring(1));
    }

    private void sizes() {
        tree("house", "more bytes than are read", ReasonCode.BUNDLE_TOO_LARGE, document -> {
            ArrayNode padding = document.putArray("padding");
            for (int i = 0; i < 40; i++) {
                padding.add("a".repeat(32 << 10));
            }
        });
        tree("house", "more keys than are read", ReasonCode.BUNDLE_TOO_LARGE, document -> {
            ArrayNode keys = document.withArray("keys");
            for (int i = 0; i < BundleJson.MAX_KEYS; i++) {
                keys.addObject().put("kty", "oct");
            }
        });
        tree("house", "deeper than any", ReasonCode.BUNDLE_TOO_LARGE, document -> {
            ObjectNode at = document;
            for (int i = 0; i < 20; i++) {
                at = at.putObject("x");
            }
        });
        tree(
                "house",
                "a longer text than any",
                ReasonCode.BUNDLE_TOO_LARGE,
                document -> key(document, "jwt-svid").put("kid", "a".repeat(65 << 10)));
    }

    private void keys() {
        x5c("X509-6.2", "x5c that is no Base64", document -> "****");
        x5c("X509-6.2", "x5c that is no certificate", document -> "AAAA");
        x5c(
                "RFC 7517 4.7",
                "x5c with bytes after the certificate",
                good -> base64(java.util.Arrays.copyOf(bytes(good), bytes(good).length + 1)));
        x5c(
                "RFC 7517 4.7",
                "x5c in PEM",
                good -> base64(("-----BEGIN CERTIFICATE-----\n" + good + "\n-----END CERTIFICATE-----\n")
                        .getBytes(StandardCharsets.US_ASCII)));
        tree("RFC 7518 6.2.1", "a point that is not on its curve", ReasonCode.BUNDLE_KEY_MALFORMED, document -> {
            ObjectNode key = key(document, "jwt-svid");
            key.put("y", key.path("x").asText());
        });
        tree(
                "RFC 7518 6.2.1",
                "a coordinate that is too short",
                ReasonCode.BUNDLE_KEY_MALFORMED,
                document -> key(document, "jwt-svid").put("x", "AAAA"));
        tree(
                "RFC 7517 4.5",
                "one kid for two keys",
                ReasonCode.BUNDLE_KEY_REPEATED,
                document ->
                        document.withArray("keys").add(key(document, "jwt-svid").deepCopy()));
        tree(
                "house",
                "a private EC key",
                ReasonCode.BUNDLE_KEY_PRIVATE,
                document -> key(document, "jwt-svid").put("d", "AAAA"));
        tree(
                "house",
                "a private key beside a certificate",
                ReasonCode.BUNDLE_KEY_PRIVATE,
                document -> key(document, "x509-svid").put("d", "AAAA"));
    }

    private void endpoints() {
        for (String location : List.of(
                "http://127.0.0.1/", "https://me@127.0.0.1/", "https://u:p@127.0.0.1/", "/", "ftp://127.0.0.1/")) {
            String what = location.equals("/") ? "itself, without end" : location;
            String rule = location.equals("/") ? "FED-5.2.2.3" : "FED-5.2.2.1";
            all.add(new Forgery<>(
                    "a redirect to " + what,
                    rule,
                    ReasonCode.ENDPOINT_REDIRECTED,
                    authority -> Served.redirect(location)));
        }
    }

    private void x5c(String rule, String name, Function<String, String> change) {
        tree(rule, name, ReasonCode.BUNDLE_KEY_MALFORMED, document -> {
            ArrayNode x5c = (ArrayNode) key(document, "x509-svid").path("x5c");
            x5c.set(0, change.apply(x5c.path(0).asText()));
        });
    }

    private static ObjectNode key(ObjectNode document, String use) {
        for (var key : document.withArray("keys")) {
            if (key.path("use").asText().equals(use)) {
                return (ObjectNode) key;
            }
        }
        throw new AssertionError("no key for " + use);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
