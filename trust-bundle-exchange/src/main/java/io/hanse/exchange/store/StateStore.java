/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.DurableFile;
import io.hanse.transport.tls.Subscription;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    /** 500 peers with bundles of 64 KiB each; a longer file is not ours. */
    private static final int MAX_FILE_BYTES = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

    private final Path file;
    private final StateCodec codec;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile ExchangeState current;

    private StateStore(Path file, StateCodec codec, ExchangeState initial) {
        this.file = file;
        this.codec = codec;
        this.current = initial;
    }

    /**
     * Reads the state of {@code trustDomain}, or starts with none. The caller holds the directory's lock.
     *
     * @throws ExchangeException if the file is not this trust domain's state
     */
    public static StateStore open(Path directory, TrustDomain trustDomain) {
        Path file = directory.resolve(FILE_NAME);
        StateCodec codec = new StateCodec(trustDomain);
        Optional<byte[]> content = DurableFile.readIfPresent(file, MAX_FILE_BYTES);
        ExchangeState initial = content.map(bytes -> codec.parse(bytes, file)).orElse(ExchangeState.empty());
        return new StateStore(file, codec, initial);
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
            DurableFile.write(file, codec.format(change.next()));
            current = change.next();
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
