/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.Subscription;
import java.time.Instant;
import java.util.function.Consumer;

/** The roots and when they were heard; filled by {@link OwnSvid}. */
final class OwnRoots implements RootsSource {

    private final BundleCell cell = new BundleCell();
    private volatile Instant learnedAt = Instant.MIN;

    void set(TrustBundle bundle, Instant at) {
        learnedAt = at;
        cell.publish(BundleMap.empty().with(bundle));
    }

    /** Whether these are the authorities held now. */
    boolean holds(TrustBundle bundle) {
        return current()
                .of(bundle.trustDomain())
                .filter(known -> known.x509Authorities().equals(bundle.x509Authorities()))
                .isPresent();
    }

    @Override
    public BundleMap current() {
        return cell.current();
    }

    @Override
    public Subscription onChange(Consumer<BundleMap> listener) {
        return cell.onChange(listener);
    }

    @Override
    public Instant learnedAt() {
        return learnedAt;
    }
}
