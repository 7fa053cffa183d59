/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** JWT-SVIDs with one thing wrong. */
final class TokenForgeries {

    /** How a token is made for a door. */
    @FunctionalInterface
    interface Token extends Function<TokenTarget, String> {}

    private final List<Forgery<Token>> all = new ArrayList<>();

    private TokenForgeries() {}

    static List<Forgery<Token>> all() {
        TokenForgeries list = new TokenForgeries();
        list.forms();
        list.algorithms();
        list.headers();
        list.keys();
        list.subjects();
        list.audiences();
        list.times();
        return List.copyOf(list.all);
    }

    private void add(String rule, String name, ReasonCode expected, Token token) {
        all.add(new Forgery<>(name, rule, expected, token));
    }

    private void draft(String rule, String name, ReasonCode expected, Consumer<Tokens.Draft> change) {
        add(rule, name, expected, target -> {
            Tokens.Draft draft = target.draft();
            change.accept(draft);
            return draft.sign();
        });
    }

    private void forms() {
        add("JWT-1", "two parts", ReasonCode.TOKEN_MALFORMED, target -> {
            String token = target.draft().sign();
            return token.substring(0, token.lastIndexOf('.'));
        });
        add(
                "JWT-1",
                "five parts, as a JWE has",
                ReasonCode.TOKEN_MALFORMED,
                target -> target.draft().sign() + ".AAAA.AAAA");
        add("JWT-1", "JSON serialisation", ReasonCode.TOKEN_MALFORMED, target -> {
            String[] parts = target.draft().sign().split("\\.", -1);
            return "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}"
                    .formatted(parts[0], parts[1], parts[2]);
        });
        add(
                "JWT-1",
                "a character beyond Base64url",
                ReasonCode.TOKEN_MALFORMED,
                target -> "*" + target.draft().sign());
        add("JWT-1", "claims that are a list", ReasonCode.TOKEN_MALFORMED, target -> {
            Tokens.Draft draft = target.draft();
            return draft.sign(draft.header.toString(), "[]");
        });
        add("JWT-1", "claims and something after them", ReasonCode.TOKEN_MALFORMED, target -> {
            Tokens.Draft draft = target.draft();
            return draft.sign(draft.header.toString(), draft.claims + "{}");
        });
        add("house", "longer than any", ReasonCode.TOKEN_TOO_LARGE, target -> {
            Tokens.Draft draft = target.draft();
            draft.claims.put("padding", "a".repeat(8 << 10));
            return draft.sign();
        });
        add("RFC 7519 4", "sub twice", ReasonCode.TOKEN_MEMBER_REPEATED, target -> {
            Tokens.Draft draft = target.draft();
            String claims = draft.claims.toString();
            return draft.sign(draft.header.toString(), "{\"sub\":\"spiffe://visby.example/x\"," + claims.substring(1));
        });
        add("RFC 7515 4", "alg twice", ReasonCode.TOKEN_MEMBER_REPEATED, target -> {
            Tokens.Draft draft = target.draft();
            return draft.sign("{\"alg\":\"none\"," + draft.header.toString().substring(1), draft.claims.toString());
        });
    }

    private void algorithms() {
        add("JWT-2.1", "none, unsigned", ReasonCode.TOKEN_ALGORITHM, target -> {
            Tokens.Draft draft = target.draft();
            draft.header.put("alg", "none");
            return Tokens.encode(draft.header.toString()) + "." + Tokens.encode(draft.claims.toString()) + ".";
        });
        draft("JWT-2.1", "none, signed", ReasonCode.TOKEN_ALGORITHM, draft -> draft.header.put("alg", "none"));
        draft("JWT-2.1", "no algorithm", ReasonCode.TOKEN_ALGORITHM, draft -> draft.header.remove("alg"));
        draft(
                "JWT-2.1",
                "an algorithm in lower case",
                ReasonCode.TOKEN_ALGORITHM,
                draft -> draft.header.put("alg", "es256"));
        add("JWT-2.1", "HS256 with the public key for a secret", ReasonCode.TOKEN_ALGORITHM, target -> {
            Tokens.Draft draft = target.draft();
            draft.header.put("alg", "HS256");
            return Tokens.authenticated(
                    draft.header.toString(),
                    draft.claims.toString(),
                    Keys.EC.getPublic().getEncoded());
        });
        draft("JWT-2.1", "EdDSA", ReasonCode.TOKEN_ALGORITHM, draft -> {
            draft.header.put("alg", "EdDSA");
            draft.algorithm = "EdDSA";
            draft.key = Keys.ED25519.getPrivate();
        });
        draft("JWT-2.1", "ES256K", ReasonCode.TOKEN_ALGORITHM, draft -> draft.header.put("alg", "ES256K"));
        draft("JWT-2.1", "RS256 for an EC key", ReasonCode.TOKEN_KEY_MISMATCH, draft -> {
            draft.header.put("alg", "RS256");
            draft.algorithm = "RS256";
            draft.key = Keys.RSA_2048.getPrivate();
        });
        draft(
                "JWT-2.1",
                "ES256 for an RSA key",
                ReasonCode.TOKEN_KEY_MISMATCH,
                draft -> draft.header.put("kid", TokenTarget.RSA));
        draft(
                "JWT-2.1",
                "ES256 for a P-384 key",
                ReasonCode.TOKEN_KEY_MISMATCH,
                draft -> draft.header.put("kid", TokenTarget.P384));
    }

    private void headers() {
        for (String name : Set.of("jku", "x5u")) {
            draft(
                    "JWT-2",
                    name,
                    ReasonCode.TOKEN_HEADER,
                    draft -> draft.header.put(name, "https://visby.example/keys"));
        }
        draft(
                "JWT-2",
                "jwk",
                ReasonCode.TOKEN_HEADER,
                draft -> draft.header.putObject("jwk").put("kty", "EC"));
        draft(
                "JWT-2",
                "x5c",
                ReasonCode.TOKEN_HEADER,
                draft -> draft.header.putArray("x5c").add("AAAA"));
        draft(
                "JWT-2",
                "crit",
                ReasonCode.TOKEN_HEADER,
                draft -> draft.header.putArray("crit").add("b64"));
        draft("JWT-2", "b64", ReasonCode.TOKEN_HEADER, draft -> draft.header.put("b64", false));
        draft("JWT-2.3", "typ of a WIT-SVID", ReasonCode.TOKEN_TYPE, draft -> draft.header.put("typ", "wit+jwt"));
        draft("JWT-2.3", "typ in lower case", ReasonCode.TOKEN_TYPE, draft -> draft.header.put("typ", "jwt"));
        draft("JWT-2.3", "typ that is no text", ReasonCode.TOKEN_TYPE, draft -> draft.header.put("typ", 1));
        draft("JWT-2.2", "no kid", ReasonCode.TOKEN_KEY_MISSING, draft -> draft.header.remove("kid"));
        draft("JWT-2.2", "an empty kid", ReasonCode.TOKEN_KEY_MISSING, draft -> draft.header.put("kid", ""));
    }

    private void keys() {
        draft(
                "JWT-6.2",
                "a kid that is not in the bundle",
                ReasonCode.TOKEN_KEY_UNKNOWN,
                draft -> draft.header.put("kid", "another"));
        // TestAuthority puts its certificate's key into no JWT role here: it is there for X.509-SVIDs alone.
        draft(
                "JWT-6.2",
                "the kid of a key for other SVIDs",
                ReasonCode.TOKEN_KEY_UNKNOWN,
                draft -> draft.header.put("kid", "k1"));
        add(
                "JWT-3.1",
                "signed by another key",
                ReasonCode.TOKEN_SIGNATURE,
                target -> target.draftBy(TestAuthority.ecKeys("secp256r1")).sign());
        add("RFC 7515 5.2", "a claim changed after signing", ReasonCode.TOKEN_SIGNATURE, target -> {
            Tokens.Draft draft = target.draft();
            String[] parts = draft.sign().split("\\.", -1);
            draft.claims.put("admin", true);
            return parts[0] + "." + Tokens.encode(draft.claims.toString()) + "." + parts[2];
        });
        add("RFC 7518 3.4", "a signature of zeros", ReasonCode.TOKEN_SIGNATURE, target -> {
            String token = target.draft().sign();
            return token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
        });
        add("RFC 7518 3.4", "a signature cut short", ReasonCode.TOKEN_SIGNATURE, target -> {
            String token = target.draft().sign();
            return token.substring(0, token.length() - 8);
        });
        add("BND-3", "the neighbour's subject, signed by us", ReasonCode.TOKEN_KEY_UNKNOWN, target -> {
            Tokens.Draft draft = target.draft();
            draft.claims.put(
                    "sub", "spiffe://" + Target.NEIGHBOUR + target.subject().path());
            return draft.sign();
        });
        draft(
                "WL-4.6",
                "a trust domain without a bundle",
                ReasonCode.TRUST_DOMAIN_UNKNOWN,
                draft -> draft.claims.put("sub", "spiffe://nobody.example/ns/a/sa/b"));
    }

    private void subjects() {
        draft("JWT-3.1", "no sub", ReasonCode.TOKEN_SUBJECT, draft -> draft.claims.remove("sub"));
        draft("JWT-3.1", "sub that is no SPIFFE ID", ReasonCode.TOKEN_SUBJECT, draft -> draft.claims.put("sub", "web"));
        draft(
                "JWT-3.1",
                "sub without a path",
                ReasonCode.TOKEN_SUBJECT,
                draft -> draft.claims.put("sub", "spiffe://visby.example"));
        draft("JWT-3.1", "sub that is a number", ReasonCode.TOKEN_SUBJECT, draft -> draft.claims.put("sub", 7));
        draft(
                "ID-2.1b",
                "sub in upper case",
                ReasonCode.TOKEN_SUBJECT,
                draft -> draft.claims.put(
                        "sub", draft.claims.path("sub").asText().replace("visby", "VISBY")));
    }

    private void audiences() {
        draft("JWT-3.2", "no aud", ReasonCode.TOKEN_AUDIENCE_MISSING, draft -> draft.claims.remove("aud"));
        draft("JWT-3.2", "aud an empty list", ReasonCode.TOKEN_AUDIENCE_MISSING, draft -> draft.claims.putArray("aud"));
        draft("JWT-3.2", "aud an empty text", ReasonCode.TOKEN_AUDIENCE_MISSING, draft -> draft.claims.put("aud", ""));
        draft("JWT-3.2", "another aud", ReasonCode.TOKEN_AUDIENCE, draft -> draft.claims.put("aud", "somebody"));
        draft(
                "JWT-3.2",
                "aud that only begins alike",
                ReasonCode.TOKEN_AUDIENCE,
                draft ->
                        draft.claims.put("aud", draft.claims.path("aud").path(0).asText() + "x"));
        draft(
                "RFC 7519 4.1.3",
                "aud that is an object",
                ReasonCode.TOKEN_CLAIMS,
                draft -> draft.claims.putObject("aud"));
    }

    private void times() {
        Instant now = ServerDoors.CLOCK.instant();
        draft("JWT-3.3", "no exp", ReasonCode.TOKEN_EXPIRY_MISSING, draft -> draft.claims.remove("exp"));
        draft(
                "JWT-3.3",
                "exp in the past",
                ReasonCode.TOKEN_EXPIRED,
                draft -> draft.claims.put("exp", now.minusSeconds(3600).getEpochSecond()));
        draft("JWT-3.3", "exp in 1970", ReasonCode.TOKEN_EXPIRED, draft -> draft.claims.put("exp", 0));
        draft(
                "house",
                "exp in ten years",
                ReasonCode.TOKEN_LIFETIME,
                draft -> draft.claims.put("exp", now.plusSeconds(315_360_000).getEpochSecond()));
        draft("RFC 7519 2", "exp that is text", ReasonCode.TOKEN_CLAIMS, draft -> draft.claims.put("exp", "soon"));
        draft("RFC 7519 2", "exp beyond all years", ReasonCode.TOKEN_CLAIMS, draft -> draft.claims.put("exp", 1e300));
        draft(
                "RFC 7519 4.1.5",
                "nbf in the future",
                ReasonCode.TOKEN_NOT_YET_VALID,
                draft -> draft.claims.put("nbf", now.plusSeconds(3600).getEpochSecond()));
        draft(
                "RFC 7519 4.1.6",
                "iat in the future",
                ReasonCode.TOKEN_NOT_YET_VALID,
                draft -> draft.claims.put("iat", now.plusSeconds(3600).getEpochSecond()));
    }
}
