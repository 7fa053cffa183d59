/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * An authority as the state file holds it.
 *
 * @param kind {@code x509} or {@code jwt}
 * @param state {@code prepared}, {@code active}, {@code retiring}, {@code tainted}, {@code retired}, {@code revoked}
 * @param keyKind e.g. {@code ec-p256}; absent once retired, like all that follows
 * @param publicKey SubjectPublicKeyInfo, Base64
 * @param sealedKey the private key, sealed with the key-encryption key
 * @param certificate DER, Base64; of an X.509 authority
 */
public record StoredAuthority(
        String kind,
        String keyId,
        String state,
        Instant since,
        Optional<String> keyKind,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter,
        Optional<String> publicKey,
        Optional<String> sealedKey,
        Optional<String> certificate) {}
