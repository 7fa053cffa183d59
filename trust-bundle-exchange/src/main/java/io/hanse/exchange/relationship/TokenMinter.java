/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.model.identity.SpiffeId;

/** The seam to spiffe-ca: a JWT-SVID for this exchange itself. Blocking, bounded. */
@FunctionalInterface
public interface TokenMinter {

    /**
     * Mints a short-lived token.
     *
     * @param audience the only one who may take it
     * @throws io.hanse.exchange.store.ExchangeException {@code TOKEN_NOT_MINTED} if spiffe-ca does not answer
     */
    String mint(SpiffeId audience);
}
