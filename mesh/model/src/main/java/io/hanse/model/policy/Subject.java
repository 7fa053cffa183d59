/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;

/**
 * A connection as matches see it. Empty texts stand for "nobody" and "no such thing".
 *
 * @param principal {@code td/path}, without {@code spiffe://}; in every trust domain
 * @param namespace of the caller, if it is a service account of the workload's own trust domain
 * @param serviceAccount likewise
 */
record Subject(Connection connection, String principal, String namespace, String serviceAccount) {

    static Subject of(Connection connection, TrustDomain own) {
        if (connection.caller().isEmpty()) {
            return new Subject(connection, "", "", "");
        }
        SpiffeId caller = connection.caller().get();
        String principal = caller.trustDomain().name() + caller.path();
        String[] parts = caller.path().split("/", -1);
        boolean account = parts.length == 5 && parts[1].equals("ns") && parts[3].equals("sa");
        return account && caller.trustDomain().equals(own)
                ? new Subject(connection, principal, parts[2], parts[4])
                : new Subject(connection, principal, "", "");
    }
}
