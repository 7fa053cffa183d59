/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One published value and those who want to hear of the next. */
final class Cell<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Cell.class);

    private final AtomicReference<@Nullable T> value;
    private final List<Listener<T>> listeners = new CopyOnWriteArrayList<>();

    Cell(@Nullable T initial) {
        this.value = new AtomicReference<>(initial);
    }

    @Nullable
    T get() {
        return value.get();
    }

    void publish(T next) {
        value.set(next);
        for (Listener<T> listener : listeners) {
            listener.tell(next);
        }
    }

    Subscription subscribe(Consumer<T> consumer) {
        Listener<T> listener = new Listener<>(consumer);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Compared by identity, so that one consumer may subscribe twice. */
    private static final class Listener<T> {
        private final Consumer<T> consumer;

        Listener(Consumer<T> consumer) {
            this.consumer = consumer;
        }

        /** One listener's bug must not keep the news from the others. */
        void tell(T next) {
            try {
                consumer.accept(next);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a listener failed");
            }
        }
    }
}
