/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class RenewalTest {

    private static final Duration LEFT = Duration.ofSeconds(10);

    private final X509Svid svid = svid();
    private final Instant received = svid.expiresAt().minus(LEFT);

    private static X509Svid svid() {
        TestSvid made = TestAuthority.of("lubeck.example", InstantSource.system())
                .svid(SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web"));
        try {
            return X509Svid.of(made.chain(), made.key());
        } catch (MalformedSvid e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void halfOfAShortLifeIsCountedFromItsReceipt() {
        // Dated back so far that half of the certificate's own time is over on arrival.
        assertThat(svid.validFrom()).isBefore(received.minus(LEFT));

        assertThat(Renewal.until(svid, received, received))
                .isBetween(Duration.ofMillis(4_400), Duration.ofMillis(5_600));
    }

    @Test
    void whatIsPastItsHalfIsRenewedAtOnce() {
        assertThat(Renewal.until(svid, received, received.plusSeconds(6))).isZero();
    }
}
