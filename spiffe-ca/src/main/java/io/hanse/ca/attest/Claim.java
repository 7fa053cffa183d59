/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.identity.SpiffeId;
import java.util.Optional;

/**
 * What a caller brings and wants.
 *
 * @param caller whom its TLS handshake proved, if it showed an SVID
 * @param joinSecret the bearer token of the call, if any
 * @param impersonated whom it asks for, if not for itself
 */
public record Claim(Optional<SpiffeId> caller, Optional<String> joinSecret, Optional<String> impersonated) {

    /** The secret is not part of it. */
    @Override
    public String toString() {
        return "Claim[caller=" + caller + ", impersonated=" + impersonated + "]";
    }
}
