/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.util.Optional;
import java.util.function.Consumer;

/** An {@link SvidSource} that its owner fills. */
public final class SvidCell implements SvidSource {

    private final Cell<X509Svid> cell;

    /** Empty until the first {@link #publish}. */
    public SvidCell() {
        this.cell = new Cell<>(null);
    }

    /** Filled from the start. */
    public SvidCell(X509Svid initial) {
        this.cell = new Cell<>(initial);
    }

    /** Replaces the SVID and tells the listeners, on this thread. */
    public void publish(X509Svid next) {
        cell.publish(next);
    }

    @Override
    public Optional<X509Svid> current() {
        return Optional.ofNullable(cell.get());
    }

    @Override
    public Subscription onChange(Consumer<X509Svid> listener) {
        return cell.subscribe(listener);
    }
}
