/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import io.hanse.model.identity.TrustDomain;

/**
 * The JSON form of a trust bundle (SPIFFE Trust Domain and Bundle 4): a JWK set with {@code spiffe_sequence} and
 * {@code spiffe_refresh_hint}.
 *
 * <p>Writing is strict: only specified members, equal bundles give equal bytes. Reading skips what the standard says to
 * skip (unknown members, {@code kty} and {@code use}) and refuses what it says to refuse (no {@code keys}, duplicate
 * members). Stateless; any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class BundleJson {

    /** Bytes of a document that is read at all: a thousand certificates of 750 bytes in Base64. */
    public static final int MAX_BYTES = 1 << 20;

    private BundleJson() {}

    /**
     * Reads a bundle document.
     *
     * @param trustDomain whose bundle this is, known from elsewhere (Bundle 3)
     * @throws MalformedBundle if the document is too large, is not JSON, or breaks section 4
     */
    public static TrustBundle parse(TrustDomain trustDomain, byte[] json) throws MalformedBundle {
        throw new UnsupportedOperationException();
    }

    /** Writes a bundle document; the same keys, sequence and hint give the same bytes. */
    public static byte[] format(TrustBundle bundle) {
        throw new UnsupportedOperationException();
    }

    /** Writes the JWT keys of a bundle alone, as {@code FetchJWTBundles} carries them: a plain JWK set. */
    public static byte[] formatJwtKeys(TrustBundle bundle) {
        throw new UnsupportedOperationException();
    }

    /** Reads a JWK set of {@code FetchJWTBundles}; the bundle has no X.509 authorities, sequence or hint. */
    public static TrustBundle parseJwtKeys(TrustDomain trustDomain, byte[] json) throws MalformedBundle {
        throw new UnsupportedOperationException();
    }
}
