/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.web;

import java.net.URI;

/** The URL of a bundle endpoint: {@code https}, no userinfo, any path, port and query (Federation 5.2.1.1, 5.2.2.1). */
public final class EndpointUrl {

    /** Longer URLs than this are nobody's bundle endpoint; bounds what a redirect can make us send. */
    public static final int MAX_CHARACTERS = 2048;

    private EndpointUrl() {}

    /**
     * Parses an operator's or a redirect's text.
     *
     * @throws IllegalArgumentException naming the law it breaks
     */
    public static URI parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("bundle endpoint URL: %d characters (expected: at most %d)"
                    .formatted(text.length(), MAX_CHARACTERS));
        }
        return check(URI.create(text));
    }

    /**
     * Returns {@code url} if it may be a bundle endpoint.
     *
     * @throws IllegalArgumentException naming the law it breaks
     */
    public static URI check(URI url) {
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            throw new IllegalArgumentException("bundle endpoint URL: scheme %s (expected: https, Federation 5.2)"
                    .formatted(url.getScheme() == null ? "missing" : url.getScheme()));
        }
        if (url.getRawUserInfo() != null
                || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            throw new IllegalArgumentException(
                    "bundle endpoint URL: carries userinfo (expected: none, Federation 5.2)");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65535) {
            throw new IllegalArgumentException("bundle endpoint URL: no host (expected: https://host[:port]/path)");
        }
        return url;
    }
}
