/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.testing;

import io.hanse.model.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A leaf with its key, as a workload would hold it.
 *
 * @param id what it was asked to prove; a mutated certificate may say otherwise
 * @param chain leaf first, then intermediates, without the root
 */
public record TestSvid(SpiffeId id, List<X509Certificate> chain, PrivateKey key) {

    public TestSvid {
        chain = List.copyOf(chain);
    }

    /** The leaf. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }
}
