/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.store.BundleLimits;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How large a peer's bundle may be. */
final class PeerDocumentTest {

    private final TestAuthority peer = TestAuthority.of("peer.example");

    private TrustBundle bundle(int count, String keyId) {
        List<JwtAuthority> keys = IntStream.range(0, count)
                .mapToObj(i -> new JwtAuthority(
                        i + keyId, peer.bundle().jwtAuthorities().getFirst().key()))
                .toList();
        return new TrustBundle(
                peer.trustDomain(), peer.bundle().x509Authorities(), keys, OptionalLong.of(1), Optional.empty());
    }

    private void refused(TrustBundle bundle, String why) {
        Body document = Body.of(BundleJson.format(bundle));
        assertThatThrownBy(() -> PeerDocument.read(peer.trustDomain(), document))
                .isInstanceOfSatisfying(
                        UnusableBundle.class, e -> assertThat(e.reason()).isEqualTo(ReasonCode.BUNDLE_TOO_LARGE))
                .hasMessageContaining(why);
    }

    @Test
    void takesOneAsLargeAsAnyOrdinary() throws Exception {
        TrustBundle large = bundle(500, "k".repeat(BundleLimits.MAX_KEY_ID - 3));
        assertThat(BundleLimits.size(large)).isLessThan(BundleLimits.MAX_PEER_BYTES);
        assertThat(PeerDocument.read(peer.trustDomain(), Body.of(BundleJson.format(large))))
                .isEqualTo(large);
    }

    @Test
    void refusesLongKeyIds() {
        refused(bundle(1, "k".repeat(BundleLimits.MAX_KEY_ID)), "a kid longer than any");
        refused(bundle(17, "k".repeat(60_000)), "a kid longer than any");
    }

    /** Each key within its bounds; what counts is how long they become when they are written. */
    @Test
    void refusesOneThatIsTooLargeWhenWritten() {
        String keys = "\uD83D\uDD11".repeat(120);
        TrustBundle bundle = bundle(200, keys);
        assertThat(BundleLimits.size(bundle)).isGreaterThan(BundleLimits.MAX_PEER_BYTES);
        refused(bundle, "expected: at most 262144");
    }
}
