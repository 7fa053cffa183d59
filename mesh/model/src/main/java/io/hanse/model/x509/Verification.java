/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import java.security.cert.X509Certificate;

/** What a look at a certificate chain found. */
public sealed interface Verification {

    /**
     * The chain proves the ID.
     *
     * @param id whom the leaf names
     * @param leaf the peer's own certificate
     * @param authority the certificate of the bundle that the chain leads to
     */
    record Verified(SpiffeId id, X509Certificate leaf, X509Certificate authority) implements Verification {}

    /**
     * The chain proves nothing.
     *
     * @param reason the code that the log, the metric and the response carry
     * @param detail one clause with the facts, for people; never key material
     */
    record Refused(ReasonCode reason, String detail) implements Verification {}
}
