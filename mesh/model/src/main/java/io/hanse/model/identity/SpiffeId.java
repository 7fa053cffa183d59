/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import io.hanse.model.reason.ReasonCode;

/**
 * A SPIFFE ID (SPIFFE-ID.md section 2): who a workload is, within one trust domain.
 *
 * @param trustDomain whose authority vouches for it
 * @param path empty (the trust domain itself) or {@code /segment/...}; case-sensitive
 */
public record SpiffeId(TrustDomain trustDomain, String path) implements Comparable<SpiffeId> {

    /** SPIFFE-ID 2.3: the whole URI, in bytes; more is neither accepted nor issued. */
    public static final int MAX_BYTES = 2048;

    /**
     * Checks the path's grammar and the length of the whole.
     *
     * @throws InvalidSpiffeId naming the section that forbids it
     */
    public SpiffeId {
        path = Grammar.checkPath(path);
        int length = Grammar.SCHEME.length() + trustDomain.name().length() + path.length();
        if (length > MAX_BYTES) {
            throw tooLong(length + " bytes");
        }
    }

    /**
     * Parses {@code spiffe://trust-domain/path}. Scheme and trust domain compare case-insensitively (2.4).
     *
     * @throws InvalidSpiffeId if the text breaks any rule of sections 2 to 2.3
     */
    public static SpiffeId parse(String text) {
        if (text.length() > MAX_BYTES) {
            throw tooLong(text.length() + " characters");
        }
        if (!Grammar.hasScheme(text)) {
            throw new InvalidSpiffeId(
                    ReasonCode.SPIFFE_ID_MALFORMED, "SPIFFE ID", text, "the scheme spiffe:// (SPIFFE-ID 2)");
        }
        String rest = text.substring(Grammar.SCHEME.length());
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        return new SpiffeId(new TrustDomain(authority), slash < 0 ? "" : rest.substring(slash));
    }

    /** The ID of a workload by namespace and service account: {@code spiffe://td/ns/<namespace>/sa/<account>}. */
    public static SpiffeId ofServiceAccount(TrustDomain trustDomain, String namespace, String serviceAccount) {
        return new SpiffeId(trustDomain, "/ns/" + namespace + "/sa/" + serviceAccount);
    }

    /** Whether this names the trust domain itself; such an ID never authenticates anyone (X509-SVID 3.1). */
    public boolean isTrustDomainId() {
        return path.isEmpty();
    }

    /** The canonical text, lower-case scheme and trust domain. */
    @Override
    public String toString() {
        return Grammar.SCHEME + trustDomain.name() + path;
    }

    @Override
    public int compareTo(SpiffeId other) {
        int byDomain = trustDomain.compareTo(other.trustDomain);
        return byDomain != 0 ? byDomain : path.compareTo(other.path);
    }

    private static InvalidSpiffeId tooLong(String given) {
        return new InvalidSpiffeId(
                ReasonCode.SPIFFE_ID_TOO_LONG, "SPIFFE ID", given, "at most " + MAX_BYTES + " (SPIFFE-ID 2.3)");
    }
}
