/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/**
 * The right to one first certificate (docs/wires.md, "Join tokens"): a secret for spiffe-ca, and what a process needs to
 * know that it talks to the right one. A secret: travels in a 0600 file, is used once, shows nothing in logs.
 */
public final class JoinToken {

    /** Characters; a bundle of a dozen authorities fits, a wrong file does not. */
    public static final int MAX_CHARACTERS = 256 * 1024;

    private static final String PREFIX = "hansejoin1.";

    private final TrustDomain trustDomain;
    private final SpiffeId spiffeId;
    private final HostPort ca;
    private final TrustBundle bundle;
    private final String secret;
    private final Instant expiresAt;

    /**
     * Joins the parts.
     *
     * @param spiffeId whom the certificate will name
     * @param ca where spiffe-ca listens
     * @param bundle of the trust domain; the server is verified with it
     * @param secret what spiffe-ca knows the token by
     * @throws IllegalArgumentException if the parts are of different trust domains or the secret is empty
     */
    public JoinToken(SpiffeId spiffeId, HostPort ca, TrustBundle bundle, String secret, Instant expiresAt) {
        if (!bundle.trustDomain().equals(spiffeId.trustDomain())) {
            throw new IllegalArgumentException("bundle: of %s (expected: of %s, the trust domain of the SPIFFE ID)"
                    .formatted(bundle.trustDomain(), spiffeId.trustDomain()));
        }
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("secret: empty");
        }
        this.trustDomain = spiffeId.trustDomain();
        this.spiffeId = spiffeId;
        this.ca = ca;
        this.bundle = bundle;
        this.secret = secret;
        this.expiresAt = expiresAt;
    }

    /**
     * Reads {@code hansejoin1.<base64url of JSON>}; white space around it is ignored.
     *
     * @throws MalformedJoinToken naming the part that is wrong
     */
    public static JoinToken parse(String text) throws MalformedJoinToken {
        String token = text.strip();
        if (token.length() > MAX_CHARACTERS || !token.startsWith(PREFIX)) {
            throw new MalformedJoinToken("join token: does not begin with %s, or is too long".formatted(PREFIX));
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
            return ofJson(Json.mapper().readTree(json));
        } catch (JsonProcessingException e) {
            e.clearLocation();
            throw new MalformedJoinToken("join token: its content is not JSON; was it copied whole?");
        } catch (IOException | MalformedBundle e) {
            throw new MalformedJoinToken("join token: its bundle cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedJoinToken("join token: " + e.getMessage(), e);
        }
    }

    /** The text form, secret included: for a 0600 file and nothing else. */
    public String format() {
        try {
            ObjectNode json = Json.mapper().createObjectNode();
            json.put("trustDomain", trustDomain.name());
            json.put("spiffeId", spiffeId.toString());
            json.put("ca", ca.toString());
            json.set("bundle", Json.mapper().readTree(BundleJson.format(bundle)));
            json.put("secret", secret);
            json.put("expiresAt", expiresAt.toString());
            byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("a bundle that was just written is not JSON", e);
        }
    }

    public TrustDomain trustDomain() {
        return trustDomain;
    }

    /** Whom the certificate will name. */
    public SpiffeId spiffeId() {
        return spiffeId;
    }

    /** Where spiffe-ca listens. */
    public HostPort ca() {
        return ca;
    }

    /** What spiffe-ca is verified with. */
    public TrustBundle bundle() {
        return bundle;
    }

    /** What spiffe-ca knows the token by. */
    public String secret() {
        return secret;
    }

    /** After this moment it buys nothing. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Nothing that could end in a log by accident. */
    @Override
    public String toString() {
        return "JoinToken";
    }

    private static JoinToken ofJson(JsonNode json) throws MalformedJoinToken, MalformedBundle {
        TrustDomain trustDomain = new TrustDomain(text(json, "trustDomain"));
        SpiffeId id = SpiffeId.parse(text(json, "spiffeId"));
        if (!id.trustDomain().equals(trustDomain)) {
            throw new MalformedJoinToken("join token: its SPIFFE ID is not of its trust domain");
        }
        JsonNode bundle = json.path("bundle");
        if (!bundle.isObject()) {
            throw new MalformedJoinToken("join token: no bundle");
        }
        TrustBundle keys = BundleJson.parse(trustDomain, bundle.toString().getBytes(StandardCharsets.UTF_8));
        return new JoinToken(
                id,
                HostPort.parse(text(json, "ca")),
                keys,
                text(json, "secret"),
                Instant.parse(text(json, "expiresAt")));
    }

    private static String text(JsonNode json, String name) throws MalformedJoinToken {
        JsonNode value = json.path(name);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new MalformedJoinToken("join token: no " + name);
        }
        return value.textValue();
    }
}
