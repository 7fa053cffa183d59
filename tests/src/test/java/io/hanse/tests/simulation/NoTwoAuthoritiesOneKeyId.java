/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.keys.SigningKey;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.model.bundle.TrustBundle;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** A key ID names one authority, in all clusters and for ever: retired ones are remembered, nothing is signed anew. */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class NoTwoAuthoritiesOneKeyId implements Law {

    private final Map<String, X509Certificate> known = new HashMap<>();
    private final Map<Cluster, Object> seen = new HashMap<>();

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            var state = cluster.exchange().state();
            if (seen.put(cluster, state) != state) {
                Stream.concat(
                                state.own().stream(),
                                state.bundles().values().stream().map(PeerBundle::bundle))
                        .map(TrustBundle::x509Authorities)
                        .forEach(authorities -> authorities.forEach(this::look));
            }
        }
    }

    private void look(X509Certificate authority) {
        String keyId = HexFormat.of().formatHex(SigningKey.keyIdOf(authority.getPublicKey()));
        X509Certificate before = known.putIfAbsent(keyId, authority);
        if (before != null && !before.equals(authority)) {
            throw broken("two authorities have one key id: %s and %s"
                    .formatted(before.getSerialNumber(), authority.getSerialNumber()));
        }
    }
}
