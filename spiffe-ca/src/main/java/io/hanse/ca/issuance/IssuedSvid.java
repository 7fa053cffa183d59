/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A signed chain and the roots to verify with.
 *
 * @param chain leaf first, then intermediates
 * @param roots every X.509 authority of the own trust domain
 */
public record IssuedSvid(List<X509Certificate> chain, List<X509Certificate> roots) {

    public IssuedSvid {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }
}
