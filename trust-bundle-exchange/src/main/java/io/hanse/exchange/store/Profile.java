/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.identity.SpiffeId;
import java.nio.file.Path;
import java.util.Optional;

/** How a bundle endpoint proves itself (Federation 5.2). Configured, never inferred, never exchanged for the other. */
public sealed interface Profile {

    /** The name of the standard: {@code https_spiffe} or {@code https_web}. */
    String standardName();

    /**
     * Federation 5.2.2: the endpoint shows an X.509-SVID for exactly this ID.
     *
     * @param endpointId verified with the latest bundle of its own trust domain
     */
    record HttpsSpiffe(SpiffeId endpointId) implements Profile {

        public HttpsSpiffe {
            if (endpointId.isTrustDomainId()) {
                throw new IllegalArgumentException(
                        "endpoint SPIFFE ID: %s (expected: an ID with a path, X509-SVID 3.1)".formatted(endpointId));
            }
        }

        @Override
        public String standardName() {
            return "https_spiffe";
        }
    }

    /**
     * Federation 5.2.1: the endpoint shows a certificate of the public web.
     *
     * @param extraAuthorities PEM file of CA certificates trusted beside the system's; none needed (5.2.1.2)
     */
    record HttpsWeb(Optional<Path> extraAuthorities) implements Profile {

        @Override
        public String standardName() {
            return "https_web";
        }
    }
}
