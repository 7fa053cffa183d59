/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.identity.TrustDomain;
import java.time.Instant;

/**
 * A request to an inviter whose answer is not known yet. Kept so that the same request can be repeated after a crash;
 * the inviter answers a repetition like the first.
 *
 * @param trustDomain the inviter's
 * @param invitationId which invitation
 * @param body the request, byte for byte (UTF-8 JSON)
 * @param bundle the inviter's bundle as pinned by the invitation (SPIFFE JSON)
 * @param at when it was first sent
 */
public record PendingAccept(TrustDomain trustDomain, String invitationId, String body, String bundle, Instant at) {}
