/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import java.util.List;
import java.util.Map;

/** The seam to another cluster's bundle endpoint, through its gateways. Blocking; bounded in time and size. */
public interface PeerDoor {

    /** Where an invitation is accepted. */
    String ACCEPT_PATH = "/hanse/v1/accept";

    /** Where a farewell is said. */
    String FAREWELL_PATH = "/hanse/v1/farewell";

    /** Header with the hex HMAC-SHA-256 of the body under the invitation's secret. */
    String PROOF_HEADER = "Hanse-Proof";

    /**
     * Gets the bundle document from whoever answers. Nothing secret is sent; the caller must compare the document with a
     * hash it trusts.
     */
    HttpsAnswer bundleOfAnybody(List<HostPort> gateways);

    /**
     * Posts to an endpoint that proves {@code endpointId} with {@code trust} before a byte of the request is sent.
     *
     * @param path {@link #ACCEPT_PATH} or {@link #FAREWELL_PATH}
     */
    HttpsAnswer post(
            List<HostPort> gateways,
            String path,
            TrustBundle trust,
            SpiffeId endpointId,
            Map<String, String> headers,
            Body body);
}
