/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.Secret;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Invitations with one thing wrong; the checksum is right unless the forgery is about it. */
final class InvitationForgeries {

    /** How a text is made of a genuine one of the inviter; the acceptor may be asked for one of its own. */
    @FunctionalInterface
    interface Text {
        String of(LiveExchange inviter, LiveExchange acceptor);
    }

    private final List<Forgery<Text>> all = new ArrayList<>();

    private InvitationForgeries() {}

    static List<Forgery<Text>> all() {
        InvitationForgeries list = new InvitationForgeries();
        list.texts();
        list.fields();
        list.uses();
        return List.copyOf(list.all);
    }

    /** trust-bundle-exchange: accept, with a real inviter at the other end. */
    static Door<Text> door(LiveExchange inviter, LiveExchange acceptor) {
        return TokenDoors.door(
                "accept",
                text -> {
                    inviter.alone();
                    acceptor.alone();
                    Outcome<?> outcome = acceptor.accepting.accept(text.of(inviter, acceptor));
                    boolean trusted = acceptor.store.current().relationships().values().stream()
                            .anyMatch(each -> each.state() == Relationship.State.ESTABLISHED);
                    if (trusted == outcome instanceof Outcome.Refused<?>) {
                        throw new AssertionError("half applied: " + outcome);
                    }
                    return outcome instanceof Outcome.Refused<?> refused ? refused.reason() : ReasonCode.OK;
                },
                () -> {});
    }

    private void text(String rule, String name, ReasonCode expected, Function<String, String> change) {
        all.add(new Forgery<>(name, rule, expected, (inviter, acceptor) -> change.apply(inviter.invite())));
    }

    private void field(String name, ReasonCode expected, Consumer<ObjectNode> change) {
        text("house", name, expected, text -> {
            ObjectNode content = Seen.of(text).content();
            change.accept(content);
            return textOf(content.toString());
        });
    }

    private void texts() {
        text("house", "cut at its end", ReasonCode.INVITATION_INCOMPLETE, text -> text.substring(0, text.length() - 5));
        text(
                "house",
                "cut in the middle",
                ReasonCode.INVITATION_INCOMPLETE,
                text -> text.substring(0, text.length() / 2));
        text("house", "its first word alone", ReasonCode.INVITATION_INCOMPLETE, text -> "hanse1");
        text(
                "house",
                "one character mistyped",
                ReasonCode.INVITATION_ALTERED,
                text -> text.substring(0, 40) + (text.charAt(40) == 'A' ? 'B' : 'A') + text.substring(41));
        text("house", "something else", ReasonCode.INVITATION_ALTERED, text -> "hello");
        text("house", "longer than any", ReasonCode.TOO_LARGE, text -> text + "a".repeat(20_000));
        text("house", "of the next version", ReasonCode.INVITATION_VERSION, text -> "hanse2" + text.substring(6));
        text(
                "house",
                "a field twice",
                ReasonCode.INVITATION_MALFORMED,
                text -> textOf(
                        "{\"version\":1," + Seen.of(text).content().toString().substring(1)));
        text(
                "house",
                "something after its content",
                ReasonCode.INVITATION_MALFORMED,
                text -> textOf(Seen.of(text).content() + "{}"));
    }

    private void fields() {
        field("version unknown", ReasonCode.INVITATION_VERSION, content -> content.put("version", 2));
        field("another id", ReasonCode.INVITATION_UNKNOWN, content -> content.put("id", "0123456789abcdef01234567"));
        field("an id that is no id", ReasonCode.INVITATION_MALFORMED, content -> content.put("id", "../x"));
        field("another cluster", ReasonCode.INVITATION_ALTERED, content -> content.put("cluster", "visby"));
        field("the acceptor's cluster", ReasonCode.CLUSTER_NAME_CLAIMED, content -> content.put("cluster", "lubeck"));
        field(
                "another trust domain",
                ReasonCode.INVITATION_MALFORMED,
                content -> content.put("trustDomain", "visby.example"));
        field("no gateway", ReasonCode.INVITATION_MALFORMED, content -> content.putArray("gateways"));
        field(
                "a gateway at port 0",
                ReasonCode.INVITATION_MALFORMED,
                content -> content.putArray("gateways").add("127.0.0.1:0"));
        field(
                "a gateway where nobody is",
                ReasonCode.ENDPOINT_UNREACHABLE,
                content -> content.putArray("gateways").add("127.0.0.1:1"));
        field(
                "another endpoint",
                ReasonCode.IDENTITY_UNEXPECTED,
                content -> content.put("endpointSpiffeId", "spiffe://bergen.example/ns/shop/sa/web"));
        field(
                "an endpoint of another trust domain",
                ReasonCode.INVITATION_MALFORMED,
                content -> content.put("endpointSpiffeId", "spiffe://visby.example/ns/shop/sa/web"));
        field("another bundle", ReasonCode.BUNDLE_MISMATCH, content -> content.put("bundleSha256", "0".repeat(64)));
        field("a hash that is none", ReasonCode.INVITATION_MALFORMED, content -> content.put("bundleSha256", "abc"));
        field(
                "another secret",
                ReasonCode.INVITATION_UNPROVED,
                content ->
                        content.put("secret", Secret.random(new SecureRandom()).reveal()));
        field("a short secret", ReasonCode.INVITATION_MALFORMED, content -> content.put("secret", "AAAA"));
        field("no secret", ReasonCode.INVITATION_MALFORMED, content -> content.remove("secret"));
        field(
                "a later end",
                ReasonCode.INVITATION_ALTERED,
                content -> content.put(
                        "expiresAt",
                        ServerDoors.CLOCK.instant().plusSeconds(7200).toString()));
        field(
                "an end in ten years",
                ReasonCode.CLOCK,
                content -> content.put(
                        "expiresAt",
                        ServerDoors.CLOCK.instant().plusSeconds(315_360_000).toString()));
        field(
                "expired",
                ReasonCode.INVITATION_EXPIRED,
                content -> content.put(
                        "expiresAt",
                        ServerDoors.CLOCK.instant().minusSeconds(60).toString()));
        field("a key inside", ReasonCode.INVITATION_MALFORMED, content -> content.put("key", "AAAA"));
    }

    private void uses() {
        all.add(new Forgery<>(
                "made by the acceptor itself",
                "house",
                ReasonCode.INVITATION_SELF,
                (inviter, acceptor) -> acceptor.invite()));
        all.add(new Forgery<>(
                "used by somebody else before", "house", ReasonCode.INVITATION_USED, (inviter, acceptor) -> {
                    String text = inviter.invite();
                    Seen seen = Seen.of(text);
                    String body = seen.request(ServerDoors.VISBY, TestAuthority.of(ServerDoors.VISBY.name()))
                            .toString();
                    ReasonCode first = inviter.accept(seen.proof(body), Body.of(body));
                    if (first != ReasonCode.OK) {
                        throw new AssertionError("the first use was refused: " + first);
                    }
                    return text;
                }));
    }

    /** An invitation as a forger who holds the text sees it. */
    record Seen(String text, ObjectNode content) {

        static Seen of(String text) {
            try {
                String json = new String(
                        Base64.getUrlDecoder().decode(text.substring("hanse1.".length(), text.lastIndexOf('.'))),
                        StandardCharsets.UTF_8);
                return new Seen(text, (ObjectNode) Json.mapper().readTree(json));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A genuine request of {@code acceptor} to connect. */
        ObjectNode request(TrustDomain acceptor, TestAuthority authority) {
            try {
                ObjectNode request = Json.mapper().createObjectNode();
                request.put("invitation", content.path("id").asText());
                request.put(
                        "invitationSha256",
                        Body.of(text.substring(0, text.lastIndexOf('.'))).sha256());
                request.put(
                        "cluster", acceptor.name().substring(0, acceptor.name().indexOf('.')));
                request.put("trustDomain", acceptor.name());
                request.putArray("gateways").add("127.0.0.1:9");
                request.put(
                        "endpointSpiffeId",
                        SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(acceptor).toString());
                request.set("bundle", Json.mapper().readTree(BundleJson.format(authority.bundle())));
                return request;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The proof that the invitation's secret makes of a body. */
        String proof(String body) {
            byte[] mac = Secret.parse(content.path("secret").asText()).sign(body.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac);
        }
    }

    /** The text with this content and the right checksum. */
    static String textOf(String json) {
        String part = "hanse1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        return part + "." + Body.of(part).sha256().substring(0, 16);
    }

    /** An invitation of somebody who never made one. */
    static String textOf(TrustDomain inviter, int port, String bundleSha256) {
        ObjectNode content = Json.mapper().createObjectNode();
        content.put("version", 1).put("id", "0123456789abcdef01234567");
        content.put("cluster", inviter.name().substring(0, inviter.name().indexOf('.')));
        content.put("trustDomain", inviter.name());
        content.putArray("gateways").add("127.0.0.1:" + port);
        content.put(
                "endpointSpiffeId",
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(inviter).toString());
        content.put("bundleSha256", bundleSha256);
        content.put("secret", Secret.random(new SecureRandom()).reveal());
        content.put("expiresAt", ServerDoors.CLOCK.instant().plusSeconds(600).toString());
        return textOf(content.toString());
    }
}
