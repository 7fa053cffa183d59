/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the SPIFFE ID that a certificate carries. It proves nothing: that takes {@link SvidVerifier}. */
public final class CertificateIdentity {

    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final int URI_TAG = 0x86;
    private static final String SCHEME = "spiffe:";

    private CertificateIdentity() {}

    /** What a certificate says about whom it names. */
    sealed interface Reading {

        record Named(SpiffeId id) implements Reading {}

        record Nameless(ReasonCode reason, String detail) implements Reading {}
    }

    /** The ID in the certificate's only URI name; empty if there is none, more than one, or another kind of URI. */
    public static Optional<SpiffeId> of(X509Certificate certificate) {
        return read(certificate) instanceof Reading.Named named ? Optional.of(named.id()) : Optional.empty();
    }

    /** X509-SVID 2: exactly one URI name, and it is a SPIFFE ID. */
    static Reading read(X509Certificate certificate) {
        List<String> uris;
        try {
            uris = uris(certificate);
        } catch (IllegalArgumentException e) {
            return new Reading.Nameless(ReasonCode.CERTIFICATE_MALFORMED, "subject alternative name: not DER");
        }
        if (uris.isEmpty()) {
            return new Reading.Nameless(ReasonCode.SPIFFE_ID_MISSING, "no URI among the subject alternative names");
        }
        if (uris.size() > 1) {
            return new Reading.Nameless(
                    ReasonCode.SPIFFE_ID_AMBIGUOUS, uris.size() + " URIs among the subject alternative names");
        }
        String uri = uris.getFirst();
        if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Reading.Nameless(ReasonCode.SPIFFE_ID_SCHEME, "a URI of another scheme");
        }
        try {
            SpiffeId id = SpiffeId.parse(uri);
            return id.toString().equals(uri)
                    ? new Reading.Named(id)
                    : new Reading.Nameless(ReasonCode.SPIFFE_ID_CASE, "the ID is not in lower case (SPIFFE-ID 2.1)");
        } catch (InvalidSpiffeId e) {
            return new Reading.Nameless(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private static List<String> uris(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(ALTERNATIVE_NAMES);
        if (extension == null) {
            return List.of();
        }
        List<String> uris = new ArrayList<>();
        Der names = Der.of(extension).next(Der.OCTET_STRING).next(Der.SEQUENCE);
        while (names.hasMore()) {
            boolean uri = names.peekTag() == URI_TAG;
            Der name = names.next();
            if (uri) {
                // IA5String; a byte above 0x7f stays one character, which the grammar then refuses.
                uris.add(new String(name.rest(), StandardCharsets.ISO_8859_1));
            }
        }
        return uris;
    }
}
