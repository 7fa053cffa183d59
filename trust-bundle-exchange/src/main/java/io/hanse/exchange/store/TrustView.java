/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.bundle.BundleMap;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.Subscription;
import java.util.function.Consumer;

/** The bundle map of the newest {@link ExchangeState}, as the TLS room reads it. */
public final class TrustView implements BundleSource {

    private final StateStore store;

    public TrustView(StateStore store) {
        this.store = store;
    }

    @Override
    public BundleMap current() {
        return store.current().bundleMap();
    }

    @Override
    public Subscription onChange(Consumer<BundleMap> listener) {
        return store.onChange(() -> listener.accept(current()));
    }
}
