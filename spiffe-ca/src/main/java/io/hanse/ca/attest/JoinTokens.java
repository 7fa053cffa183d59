/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Secrets that stand for an identity once. Only their SHA-256 is stored: each is 256 random bits, so the hash needs no
 * salt. A token is used up on disk before anything is signed for it; a crash in between costs the token, never a second
 * use.
 *
 * <p>Any thread that may block; one lock.
 */
public final class JoinTokens {

    /** Tokens remembered at once: a fleet of a thousand nodes may join together. */
    public static final int MAX_TOKENS = 2_000;

    /** How long a used or expired token is remembered, so that its second use can be named for what it is. */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private static final int SECRET_BYTES = 32;
    /** Hex digits of the hash that name a token in journal and logs. */
    private static final int NAME_CHARACTERS = 12;
    /** A secret we made has 43 characters; a projected Kubernetes token about a thousand. */
    private static final int MAX_SECRET_CHARACTERS = 8 * 1024;

    private final JsonStore<Stored> store;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Map<String, Token> tokens = new LinkedHashMap<>();

    /** A token as stored. */
    record Token(String sha256, String spiffeId, Instant expiresAt, Optional<Instant> usedAt) {}

    /** The file. */
    record Stored(long version, List<Token> tokens) {

        Stored {
            tokens = List.copyOf(tokens);
        }
    }

    /** A fresh token: the secret goes to its bearer and nowhere else. */
    public record Made(String secret, SpiffeId id, Instant expiresAt) {

        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    /**
     * Reads the tokens kept in {@code file}.
     *
     * @param durable told each version of the file that is on disk
     */
    public JoinTokens(Path file, SecureRandom random, InstantSource clock, LongConsumer durable) {
        this.store = new JsonStore<>(file, Stored.class, durable);
        this.random = random;
        this.clock = clock;
        store.read().ifPresent(stored -> stored.tokens().forEach(token -> tokens.put(token.sha256(), token)));
    }

    /** The version of the file; 0 if there is none. */
    public synchronized long version() {
        return store.version();
    }

    /** Forgets every token: which of them were used after the file was copied is not known. */
    public synchronized void voidAll(long newestVersion) {
        store.goBeyond(newestVersion);
        write(List.of());
        tokens.clear();
    }

    /** A new token; empty if too many are outstanding. */
    public synchronized Optional<Made> make(SpiffeId id, Duration lifetime) {
        forgetOld();
        if (tokens.size() >= MAX_TOKENS) {
            return Optional.empty();
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant expiresAt = clock.instant().plus(lifetime);
        Token token = new Token(hash(secret), id.toString(), expiresAt, Optional.empty());
        replace(token);
        return Optional.of(new Made(secret, id, expiresAt));
    }

    /** Whether the secret is good now; uses nothing up. */
    public synchronized Verdict look(String secret) {
        if (secret.length() > MAX_SECRET_CHARACTERS) {
            return unknown();
        }
        Token token = tokens.get(hash(secret));
        return token == null ? unknown() : judge(token);
    }

    /** Uses the secret up, durably; granted at most once for each secret. */
    public synchronized Verdict consume(String secret) {
        Verdict verdict = look(secret);
        if (verdict instanceof Verdict.Granted) {
            Token token = tokens.get(hash(secret));
            if (token != null) {
                replace(new Token(token.sha256(), token.spiffeId(), token.expiresAt(), Optional.of(clock.instant())));
            }
        }
        return verdict;
    }

    private Verdict judge(Token token) {
        Instant now = clock.instant();
        if (token.usedAt().isPresent()) {
            return Verdict.denied(
                    Refusal.Code.JOIN_TOKEN_USED,
                    "this join token was used %s ago; make a new one: connect-clusters join-token %s --file <file>"
                            .formatted(Ago.text(token.usedAt().get(), now), token.spiffeId()));
        }
        if (!now.isBefore(token.expiresAt())) {
            return Verdict.denied(
                    Refusal.Code.JOIN_TOKEN_EXPIRED,
                    "this join token expired %s ago; make a new one: connect-clusters join-token %s --file <file>"
                            .formatted(Ago.text(token.expiresAt(), now), token.spiffeId()));
        }
        return new Verdict.Granted(
                SpiffeId.parse(token.spiffeId()), "join-token/" + token.sha256().substring(0, NAME_CHARACTERS));
    }

    /** Disk first: memory never knows more than the disk. */
    private void replace(Token token) {
        Map<String, Token> next = new LinkedHashMap<>(tokens);
        next.put(token.sha256(), token);
        write(next.values());
        tokens.put(token.sha256(), token);
    }

    private void forgetOld() {
        Instant limit = clock.instant().minus(REMEMBERED);
        tokens.values().removeIf(token -> token.expiresAt().isBefore(limit));
    }

    private void write(Collection<Token> all) {
        store.write(version -> new Stored(version, List.copyOf(all)));
    }

    private static Verdict unknown() {
        return Verdict.denied(
                Refusal.Code.JOIN_TOKEN_UNKNOWN,
                "this join token is not known here; it may belong to another cluster or be long used");
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
