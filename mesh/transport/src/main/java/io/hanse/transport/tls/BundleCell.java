/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.bundle.BundleMap;
import java.util.Objects;
import java.util.function.Consumer;

/** A {@link BundleSource} that its owner fills. */
public final class BundleCell implements BundleSource {

    private final Cell<BundleMap> cell;

    /** Trusts nobody until the first {@link #publish}. */
    public BundleCell() {
        this(BundleMap.empty());
    }

    /** Filled from the start. */
    public BundleCell(BundleMap initial) {
        this.cell = new Cell<>(initial);
    }

    /** Replaces the whole map and tells the listeners, on this thread. */
    public void publish(BundleMap next) {
        cell.publish(next);
    }

    @Override
    public BundleMap current() {
        return Objects.requireNonNull(cell.get());
    }

    @Override
    public Subscription onChange(Consumer<BundleMap> listener) {
        return cell.subscribe(listener);
    }
}
