/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import io.hanse.model.identity.SpiffeId;
import java.security.PublicKey;
import java.time.Duration;

/**
 * An X.509-SVID that somebody may have.
 *
 * @param key the public key, its private half proved to be held
 * @param wanted lifetime asked for; zero or less: the usual one
 * @param requester for the journal: a SPIFFE ID, {@code join-token/<id>} or {@code self}
 */
public record SvidRequest(SpiffeId id, PublicKey key, Duration wanted, String requester) {}
