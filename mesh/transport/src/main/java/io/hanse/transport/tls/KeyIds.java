/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Key identifiers as certificates carry them (RFC 5280 4.2.1.1, 4.2.1.2), as lower-case hex. */
final class KeyIds {

    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    /** {@code keyIdentifier [0] IMPLICIT OCTET STRING}. */
    private static final int KEY_IDENTIFIER = 0x80;

    private KeyIds() {}

    /** {@code AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] KeyIdentifier OPTIONAL, ... }}. */
    static Optional<String> authorityKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        return Optional.ofNullable(extension)
                .flatMap(bytes -> content(bytes, OCTET_STRING))
                .flatMap(bytes -> content(bytes, SEQUENCE))
                .flatMap(bytes -> content(bytes, KEY_IDENTIFIER))
                .map(HexFormat.of()::formatHex);
    }

    /** The content of the first element, if it has the tag and the short form of length, as key identifiers do. */
    private static Optional<byte[]> content(byte[] der, int tag) {
        if (der.length < 2 || (der[0] & 0xff) != tag) {
            return Optional.empty();
        }
        int length = der[1] & 0xff;
        int start = 2;
        if (length == 0x81 && der.length > 2) {
            length = der[2] & 0xff;
            start = 3;
        } else if (length > 0x7f) {
            return Optional.empty();
        }
        return start + length <= der.length
                ? Optional.of(Arrays.copyOfRange(der, start, start + length))
                : Optional.empty();
    }
}
