/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.web.EndpointUrl;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Whether and where a redirect leads (Federation 5.2.1.3, 5.2.2.3). Every kind is taken as temporary: the next poll
 * starts at the configured URL again. Pure.
 */
final class Redirects {

    /** Enough for a load balancer before a moved endpoint; stops a loop. */
    static final int MAX_HOPS = 3;

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirects() {}

    static boolean isRedirect(int status) {
        return STATUSES.contains(status);
    }

    /**
     * The target of hop number {@code hop} (from 1).
     *
     * @throws IllegalArgumentException saying why it is not followed
     */
    static URI target(URI from, Optional<String> location, int hop) {
        if (hop > MAX_HOPS) {
            throw new IllegalArgumentException("redirected more than %d times".formatted(MAX_HOPS));
        }
        String text = location.orElseThrow(() -> new IllegalArgumentException("redirected without a Location"));
        if (text.length() > EndpointUrl.MAX_CHARACTERS) {
            throw new IllegalArgumentException("redirected to an overlong URL");
        }
        try {
            return EndpointUrl.check(from.resolve(URI.create(text)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("redirected where no bundle endpoint may be; " + e.getMessage(), e);
        }
    }
}
