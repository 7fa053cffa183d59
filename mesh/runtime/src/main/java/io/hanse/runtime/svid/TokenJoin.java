/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.svid.CertificateClient.Issued;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Backoff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buys the first certificate with the join token that somebody puts down at a path. A token that bought nothing is tried
 * again with backoff, another one at once. One step at a time: {@link OwnSvid} holds the lock.
 */
final class TokenJoin {

    private static final Logger log = LoggerFactory.getLogger(TokenJoin.class);

    private final SpiffeId id;
    private final Path token;
    private final InstantSource clock;
    private final Backoff backoff;
    private final BiConsumer<String, String> wrong;

    private Optional<String> lastText = Optional.empty();
    private Instant retryAt = Instant.MIN;
    private boolean toldToWait;

    /**
     * Looks for nothing before {@link #look}.
     *
     * @param wrong hears why there is no certificate, and what helps
     */
    TokenJoin(SpiffeId id, Path token, InstantSource clock, Backoff backoff, BiConsumer<String, String> wrong) {
        this.id = id;
        this.token = token;
        this.clock = clock;
        this.backoff = backoff;
        this.wrong = wrong;
    }

    /** Looks as {@link #look} does, and says so if a token is all that is waited for. */
    Optional<Issued> await() {
        Optional<String> text = read();
        if (text.isEmpty()) {
            tellToWait();
        }
        return ask(text);
    }

    /** Looks, and asks spiffe-ca if there is a token whose turn it is; blocks for the answer. */
    Optional<Issued> look() {
        return ask(read());
    }

    private Optional<Issued> ask(Optional<String> text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.equals(lastText)) {
            lastText = text;
            backoff.reset();
        } else if (clock.instant().isBefore(retryAt)) {
            return Optional.empty();
        }
        return buy(text.get());
    }

    /** The certificate is safe: the token is of no more use to anybody. */
    void used() {
        try {
            DurableFile.delete(token);
        } catch (StateException e) {
            cannotUse("a used join token cannot be deleted", e);
        }
    }

    /** Says again what is waited for. */
    void begin() {
        toldToWait = false;
    }

    /** What a person does next. */
    String askForToken() {
        return "connect-clusters join-token %s --file %s".formatted(id, token);
    }

    private Optional<String> read() {
        try {
            return DurableFile.readIfPresent(token, JoinToken.MAX_CHARACTERS)
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        } catch (StateException e) {
            cannotUse("join token cannot be read", e);
            return Optional.empty();
        }
    }

    private Optional<Issued> buy(String text) {
        try {
            JoinToken parsed = JoinToken.parse(text);
            if (!parsed.spiffeId().equals(id)) {
                throw new CertificateRefused("the token is for %s (expected: for %s)".formatted(parsed.spiffeId(), id));
            }
            if (!clock.instant().isBefore(parsed.expiresAt())) {
                throw new CertificateRefused("the token expired at %s, and this machine's clock says %s"
                        .formatted(parsed.expiresAt(), clock.instant()));
            }
            return Optional.of(CertificateClient.join(parsed, clock));
        } catch (MalformedJoinToken e) {
            boughtNothing(e, askForToken());
        } catch (CertificateRefused e) {
            boughtNothing(e, e.next().isEmpty() ? askForToken() : e.next());
        }
        return Optional.empty();
    }

    private void boughtNothing(Exception why, String next) {
        retryAt = clock.instant().plus(backoff.next());
        wrong.accept("the join token %s bought no certificate: %s".formatted(token, why.getMessage()), next);
        log.atError()
                .addKeyValue(LogKeys.PATH, token)
                .addKeyValue(LogKeys.REASON, why.getMessage())
                .addKeyValue(LogKeys.NEXT, next)
                .log("join token bought no certificate");
    }

    private void tellToWait() {
        if (!toldToWait) {
            toldToWait = true;
            wrong.accept("no certificate yet, waiting for a join token", askForToken());
            log.atWarn()
                    .addKeyValue(LogKeys.SPIFFE_ID, id)
                    .addKeyValue(LogKeys.PATH, token)
                    .addKeyValue(LogKeys.NEXT, askForToken())
                    .log("no certificate yet, waiting for a join token");
        }
    }

    private void cannotUse(String what, StateException e) {
        log.atError()
                .addKeyValue(LogKeys.PATH, token)
                .addKeyValue(LogKeys.REASON, e.getMessage())
                .addKeyValue(LogKeys.NEXT, e.next())
                .log(what);
    }
}
