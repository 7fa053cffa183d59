/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.authority.RotationSchedule.Step;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.StateFile;
import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.telemetry.LogKeys;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authorities of this trust domain: the one place where they move. Every move is durable before it is published, and
 * published before anything is signed by its outcome.
 *
 * <p>{@link #image()}: any thread, no lock. Moves: one lock, blocking. Listeners are called under that lock, in order of
 * versions, and must not block.
 */
public final class Authorities {

    /** Steps one look at the schedule may take; more would mean that a step does not lead on. */
    private static final int MAX_STEPS = 2 * Roster.MAX_PUBLISHED;

    private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);

    private final AuthoritySettings settings;
    private final AuthorityMint mint;
    private final AuthorityCodec codec;
    private final StateFile file;
    private final IssuanceJournal journal;
    private final InstantSource clock;
    private final List<Consumer<AuthorityImage>> listeners = new CopyOnWriteArrayList<>();
    private volatile AuthorityImage image;

    private Authorities(
            AuthoritySettings settings,
            AuthorityMint mint,
            AuthorityCodec codec,
            StateFile file,
            IssuanceJournal journal,
            InstantSource clock,
            AuthorityImage image) {
        this.settings = settings;
        this.mint = mint;
        this.codec = codec;
        this.file = file;
        this.journal = journal;
        this.clock = clock;
        this.image = image;
    }

    /**
     * Reads the stored authorities and brings them up to date; at the first start makes the first ones.
     *
     * @throws CaException if the stored state cannot be used
     */
    public static Authorities open(
            TrustDomain trustDomain,
            AuthoritySettings settings,
            CryptoProvider crypto,
            KeyEncryptionKey kek,
            StateFile file,
            IssuanceJournal journal,
            SecureRandom random,
            InstantSource clock) {
        AuthorityCodec codec = new AuthorityCodec(trustDomain, kek, crypto);
        AuthorityMint mint = new AuthorityMint(trustDomain, settings, crypto, random, clock);
        AuthorityImage stored = file.read().map(codec::decode).orElseGet(() -> AuthorityImage.empty(trustDomain));
        Authorities authorities = new Authorities(settings, mint, codec, file, journal, clock, stored);
        authorities.proveActive();
        authorities.rotate();
        return authorities;
    }

    /** All authorities now. */
    public AuthorityImage image() {
        return image;
    }

    public RotationSchedule schedule() {
        return settings.schedule();
    }

    /**
     * The authority that signs now.
     *
     * @throws CaException if there is none, which the schedule rules out
     */
    public AuthorityMaterial signer(AuthorityKind kind) {
        return image.of(kind)
                .active()
                .orElseThrow(() -> new CaException(
                        CaException.Code.INVARIANT,
                        "no " + kind.text() + " authority is active",
                        "connect-clusters authority prepare --kind " + kind.text()))
                .material();
    }

    /** Hands the current image and every later one to {@code listener} until closed. */
    public synchronized AutoCloseable onChange(Consumer<AuthorityImage> listener) {
        listeners.add(listener);
        listener.accept(image);
        return () -> listeners.remove(listener);
    }

    /** Takes every step that the schedule says is due; called every few seconds. */
    public synchronized void rotate() {
        for (AuthorityKind kind : AuthorityKind.values()) {
            int steps = 0;
            Optional<Step> due = due(kind);
            while (due.isPresent() && take(kind, due.get())) {
                if (++steps > MAX_STEPS) {
                    throw new CaException(
                            CaException.Code.INVARIANT, "the schedule does not come to rest", "report this as a bug");
                }
                due = due(kind);
            }
        }
    }

    /** Makes, proves and publishes the next authority. */
    public synchronized Move prepare(AuthorityKind kind) {
        Roster roster = image.of(kind);
        // Asked first with what is there: a key is made only if it will be taken.
        if (roster.prepared().isPresent() || roster.published().size() >= Roster.MAX_PUBLISHED) {
            return roster.prepare(signer(kind), clock.instant());
        }
        return apply("prepared", roster.prepare(mint.make(kind), clock.instant()));
    }

    /** Lets the prepared authority sign from now on. */
    public synchronized Move activate(AuthorityKind kind, Optional<String> keyId, boolean force) {
        Roster roster = image.of(kind);
        Move move = roster.activate(keyId, force, clock.instant(), schedule().publication());
        if (move instanceof Move.Moved) {
            mint.prove(roster.prepared().orElseThrow().material());
        }
        return apply("activated", move);
    }

    /** Declares an authority unfit: holders of its SVIDs renew at once. */
    public synchronized Move taint(AuthorityKind kind, Optional<String> keyId) {
        return apply("tainted", image.of(kind).taint(keyId, clock.instant()));
    }

    /** Takes a tainted authority out of the bundle. */
    public synchronized Move revoke(AuthorityKind kind, Optional<String> keyId, boolean force) {
        Roster roster = image.of(kind);
        long valid = keyId.or(roster::onlyTainted).map(journal::valid).orElse(0L);
        return apply("revoked", roster.revoke(keyId, force, valid, clock.instant()));
    }

    private Optional<Step> due(AuthorityKind kind) {
        return schedule().due(image.of(kind), clock.instant(), journal::lastExpiry);
    }

    private boolean take(AuthorityKind kind, Step step) {
        Instant now = clock.instant();
        Move move = switch (step) {
            case Step.Prepare prepare -> prepare(kind);
            case Step.Activate activate -> activate(kind, Optional.empty(), activate.urgent());
            case Step.Retire retire -> apply("retired", image.of(kind).retire(retire.keyId(), now));
        };
        if (move instanceof Move.Refused refused) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.EVENT, "ca.schedule.blocked")
                    .addKeyValue(LogKeys.REASON, refused.detail())
                    .addKeyValue(LogKeys.NEXT, refused.next())
                    .log("the rotation schedule cannot be kept");
            return false;
        }
        return true;
    }

    private Move apply(String event, Move move) {
        if (move instanceof Move.Moved moved
                && !moved.next().equals(image.of(moved.next().kind()))) {
            AuthorityImage fresh = image.with(moved.next());
            file.write(codec.encode(fresh));
            image = fresh;
            LOG.atInfo()
                    .addKeyValue(LogKeys.EVENT, "ca.authority." + event)
                    .addKeyValue("kind", moved.next().kind().text())
                    .addKeyValue(LogKeys.AUTHORITY, moved.keyId())
                    .addKeyValue("version", fresh.version())
                    .log("an authority changed its state");
            listeners.forEach(listener -> listener.accept(fresh));
        }
        return move;
    }

    private void proveActive() {
        Instant now = clock.instant();
        for (AuthorityKind kind : AuthorityKind.values()) {
            image.of(kind)
                    .active()
                    .map(Authority.Active::material)
                    .filter(material -> now.isBefore(material.lifetime().notAfter()))
                    .ifPresent(mint::prove);
        }
    }
}
