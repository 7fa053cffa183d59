/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import io.hanse.model.identity.TrustDomain;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The JSON form of a trust bundle (SPIFFE Trust Domain and Bundle 4): a JWK set with {@code spiffe_sequence} and
 * {@code spiffe_refresh_hint}.
 *
 * <p>Writing is strict: only specified members, equal bundles give equal bytes. Reading skips what the standard says to
 * skip (unknown members, {@code kty} and {@code use}, an X.509 key without {@code x5c}) and what could never verify (a JWT key
 * without {@code kid}, a key of a kind or size that is not accepted). It refuses the document if {@code keys} is missing, a
 * member is repeated, or a key that it should use cannot be read: a half-read bundle would revoke by accident.
 *
 * <p>Whether an X.509 authority may sign at all is {@code SigningCertificate}'s question. Stateless; any thread.
 */
public final class BundleJson {

    /** Bytes of a document that is read at all: a thousand certificates of 750 bytes in Base64. */
    public static final int MAX_BYTES = 1 << 20;

    /** Bytes of a document that {@link #format} wrote of one that was read: escapes and members spelt out make it longer. */
    private static final int MAX_WRITTEN_BYTES = 4 * MAX_BYTES;

    /** Keys of a document; SPIRE's users complain at a hundred. */
    public static final int MAX_KEYS = 1000;

    private BundleJson() {}

    /**
     * Reads a bundle document.
     *
     * @param trustDomain whose bundle this is, known from elsewhere (Bundle 3)
     * @throws MalformedBundle if the document is too large, is not JSON, or breaks section 4
     */
    public static TrustBundle parse(TrustDomain trustDomain, byte[] json) throws MalformedBundle {
        return BundleReader.read(trustDomain, json, MAX_BYTES);
    }

    /**
     * Reads back what {@link #format} wrote: whatever {@link #parse} took is taken.
     *
     * @throws MalformedBundle as {@link #parse}
     */
    public static TrustBundle parseWritten(TrustDomain trustDomain, byte[] json) throws MalformedBundle {
        return BundleReader.read(trustDomain, json, MAX_WRITTEN_BYTES);
    }

    /**
     * Writes a bundle document; the same keys, sequence and hint give the same bytes.
     *
     * @throws IllegalArgumentException if a certificate's key is of a kind that is not accepted
     */
    public static byte[] format(TrustBundle bundle) {
        return BundleWriter.write(bundle);
    }

    /** Writes the JWT keys of a bundle alone, as {@code FetchJWTBundles} carries them: a plain JWK set. */
    public static byte[] formatJwtKeys(TrustBundle bundle) {
        return BundleWriter.write(jwtKeysOf(bundle));
    }

    /**
     * Reads a JWK set of {@code FetchJWTBundles}; the bundle has no X.509 authorities, sequence or hint.
     *
     * @throws MalformedBundle as {@link #parse}
     */
    public static TrustBundle parseJwtKeys(TrustDomain trustDomain, byte[] json) throws MalformedBundle {
        return jwtKeysOf(BundleReader.read(trustDomain, json, MAX_BYTES));
    }

    private static TrustBundle jwtKeysOf(TrustBundle bundle) {
        return new TrustBundle(
                bundle.trustDomain(), List.of(), bundle.jwtAuthorities(), OptionalLong.empty(), Optional.empty());
    }
}
