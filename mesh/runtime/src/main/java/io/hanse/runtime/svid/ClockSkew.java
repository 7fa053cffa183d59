/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether this machine's clock and spiffe-ca's agree, from a certificate that was made a moment ago: its validity begins
 * a few seconds before spiffe-ca's now. Without a right clock every other refusal would be told with a wrong cause.
 */
final class ClockSkew {

    /** Less than this is a slow network or a careful authority. */
    static final Duration TOLERANCE = Duration.ofMinutes(2);

    /** What helps, whichever of the two is wrong. */
    static final String NEXT = "set the clock of the one that is wrong (timedatectl status)";

    private ClockSkew() {}

    /** What to tell an operator of a clock that is ahead; one that is behind refuses the certificate. */
    static Optional<String> of(X509Svid fresh, Instant now) {
        Duration age = Duration.between(fresh.validFrom(), now);
        return age.compareTo(TOLERANCE) <= 0
                ? Optional.empty()
                : Optional.of(
                        "%s: this machine's clock is ahead of spiffe-ca's by about %d s, certificates will seem expired"
                                .formatted(ReasonCode.CERTIFICATE_EXPIRED, age.toSeconds()));
    }

    /** The usual cause of a refusal that compares a certificate with the clock; nothing for other refusals. */
    static String usualCause(ReasonCode reason, Instant now) {
        return switch (reason) {
            case CERTIFICATE_NOT_YET_VALID,
                    CERTIFICATE_AUTHORITY_NOT_YET_VALID,
                    CERTIFICATE_EXPIRED,
                    CERTIFICATE_AUTHORITY_EXPIRED ->
                "; usual cause: clocks differ, this machine's says %s".formatted(now);
            default -> "";
        };
    }
}
