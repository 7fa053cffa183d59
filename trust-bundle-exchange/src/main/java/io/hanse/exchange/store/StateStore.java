/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateMark;
import io.hanse.transport.tls.Subscription;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one publisher of {@link ExchangeState}. A change is computed from the newest image, written durably, and only then
 * published: whoever sees it may rely on it after a power cut.
 *
 * <p>Any thread; changes are made one at a time and block for the disk. Listeners are told on the changing thread,
 * outside the lock, without the value: they read {@link #current()}, so a late signal never brings back an old image.
 */
public final class StateStore {

    /** Name of the file within {@code state/trust-bundle-exchange}. */
    public static final String FILE_NAME = "exchange.json";

    /** Four times what {@link BundleLimits} lets peers' bundles have: indented, with farewells and unanswered accepts. */
    private static final int MAX_FILE_BYTES = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

    /** Parts of the state as the mark knows them: how often it changed, and the own bundle's sequence. */
    private static final String REVISION = "exchange.json";

    private static final String SEQUENCE = "own bundle's sequence";

    private static final String LOSS =
            "relationships that ended since are trusted again and those made since are gone (connect-clusters status shows"
                    + " them, disconnect ends them), open invitations are void, and the own bundle's sequence jumps ahead";

    private final Path file;
    private final StateCodec codec;
    private final StateMark mark;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile ExchangeState current;
    private long revision;

    private StateStore(Path file, StateCodec codec, StateMark mark, StateCodec.Stored initial) {
        this.file = file;
        this.codec = codec;
        this.mark = mark;
        this.current = initial.state();
        this.revision = initial.revision();
    }

    /**
     * Reads the state of {@code trustDomain}, or starts with none. The caller holds the directory's lock.
     *
     * @param mark kept outside the directory: tells when older state was put back
     * @throws ExchangeException if the file is not this trust domain's state
     * @throws io.hanse.runtime.files.StateException if it is older than it was before
     */
    public static StateStore open(Path directory, TrustDomain trustDomain, StateMark mark) {
        Path file = directory.resolve(FILE_NAME);
        StateCodec codec = new StateCodec(trustDomain);
        StateCodec.Stored stored = DurableFile.readIfPresent(file, MAX_FILE_BYTES)
                .map(bytes -> codec.parse(bytes, file))
                .orElse(new StateCodec.Stored(0, ExchangeState.empty()));
        StateStore store = new StateStore(file, codec, mark, stored);
        switch (mark.judge(directory, versions(stored.revision(), stored.state()), LOSS)) {
            case LEVEL -> {}
            case OLDER_ACCEPTED -> store.goBeyondTheMark();
        }
        return store;
    }

    /** The sequence only where there is a bundle: after accepted loss there is none until spiffe-ca speaks. */
    private static SortedMap<String, Long> versions(long revision, ExchangeState state) {
        SortedMap<String, Long> versions = new TreeMap<>(Map.of(REVISION, revision));
        state.own().ifPresent(own -> versions.put(SEQUENCE, own.sequence().orElse(0)));
        return versions;
    }

    /** Older state, taken on the operator's word: what may have been used since is void, what was counted goes on. */
    private synchronized void goBeyondTheMark() {
        ExchangeState next = current.withInvitations(new TreeMap<>());
        Optional<TrustBundle> own = current.own();
        if (own.isPresent()) {
            long newest = Math.max(sequenceFloor(), own.get().sequence().orElse(0));
            next = next.withOwn(own.get().withSequence(newest + 1));
        }
        revision = Math.max(revision, mark.of(REVISION));
        publish(next);
        mark.settled();
    }

    /** The highest sequence that the own bundle is known to have had, whatever the state says. */
    public long sequenceFloor() {
        return mark.of(SEQUENCE);
    }

    private void publish(ExchangeState next) {
        DurableFile.write(file, codec.format(new StateCodec.Stored(revision + 1, next)), MAX_FILE_BYTES);
        revision++;
        current = next;
        mark.raise(versions(revision, next));
    }

    /** The newest image. */
    public ExchangeState current() {
        return current;
    }

    /**
     * Makes one change. When this returns the change is durable and published; when it throws nothing changed.
     *
     * @param step from the newest image to the next; must be pure, and returns the same image to change nothing
     */
    public <R> R decide(Function<ExchangeState, Change<R>> step) {
        Change<R> change;
        synchronized (this) {
            ExchangeState before = current;
            change = step.apply(before);
            if (change.next().equals(before)) {
                return change.result();
            }
            publish(change.next());
        }
        listeners.forEach(Listener::tell);
        return change.result();
    }

    /** Makes one change that has no answer. */
    public void change(UnaryOperator<ExchangeState> step) {
        decide(state -> new Change<>(step.apply(state), Boolean.TRUE));
    }

    /** Calls {@code signal} after each change; it must not block. */
    public Subscription onChange(Runnable signal) {
        Listener listener = new Listener(signal);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * What a step decided.
     *
     * @param next the image from now on
     * @param result the answer for the caller
     */
    public record Change<R>(ExchangeState next, R result) {}

    /** Compared by identity, so that one signal may be registered twice. */
    private static final class Listener {
        private final Runnable signal;

        Listener(Runnable signal) {
            this.signal = signal;
        }

        /** One listener's bug must not keep the news from the others. */
        void tell() {
            try {
                signal.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a listener of the exchange's state failed");
            }
        }
    }
}
