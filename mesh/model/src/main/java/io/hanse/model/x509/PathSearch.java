/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds which certificates could lead from a leaf to an authority, by names and key identifiers alone; signatures come
 * later. Shortest paths first. A peer may send its intermediates in any order, and others besides (RFC 8446 4.4.2).
 */
final class PathSearch {

    /**
     * Candidates that are worth a signature check: authorities with the same subject and no key identifiers, or
     * intermediates signed by several. Go gives up after 100 signatures; each costs us up to a millisecond.
     */
    static final int MAX_PATHS = 8;

    private static final String SUBJECT_KEY_ID = "2.5.29.14";
    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final int KEY_ID_TAG = 0x80;

    private final List<X509Certificate> authorities;
    private final List<Path> found = new ArrayList<>();

    private PathSearch(List<X509Certificate> authorities) {
        this.authorities = authorities;
    }

    /**
     * A way to an authority.
     *
     * @param certificates leaf first, without the authority
     */
    record Path(List<X509Certificate> certificates, X509Certificate authority) {}

    /** At most {@link #MAX_PATHS} ways from {@code leaf} to one of {@code authorities}. */
    static List<Path> find(
            X509Certificate leaf, List<X509Certificate> intermediates, List<X509Certificate> authorities) {
        PathSearch search = new PathSearch(authorities);
        search.extend(List.of(leaf), intermediates);
        return List.copyOf(search.found);
    }

    private void extend(List<X509Certificate> path, List<X509Certificate> rest) {
        X509Certificate last = path.getLast();
        for (X509Certificate authority : authorities) {
            if (found.size() < MAX_PATHS && mayHaveSigned(authority, last)) {
                found.add(new Path(path, authority));
            }
        }
        for (X509Certificate next : rest) {
            // An intermediate that is an authority itself was tried as one above.
            if (found.size() < MAX_PATHS && mayHaveSigned(next, last) && !authorities.contains(next)) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(next);
                extend(
                        longer,
                        rest.stream().filter(other -> !other.equals(next)).toList());
            }
        }
    }

    private static boolean mayHaveSigned(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        byte[] wanted = authorityKeyId(certificate);
        byte[] had = subjectKeyId(issuer);
        return wanted.length == 0 || had.length == 0 || Arrays.equals(wanted, had);
    }

    private static byte[] subjectKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(SUBJECT_KEY_ID);
        return extension == null
                ? new byte[0]
                : Der.of(extension)
                        .next(Der.OCTET_STRING)
                        .next(Der.OCTET_STRING)
                        .rest();
    }

    private static byte[] authorityKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(AUTHORITY_KEY_ID);
        if (extension == null) {
            return new byte[0];
        }
        Der fields = Der.of(extension).next(Der.OCTET_STRING).next(Der.SEQUENCE);
        return fields.hasMore() && fields.peekTag() == KEY_ID_TAG
                ? fields.next().rest()
                : new byte[0];
    }
}
