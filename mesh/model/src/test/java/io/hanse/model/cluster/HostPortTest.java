/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class HostPortTest {

    @Test
    void aResolvedAddressIsWrittenAsItIsParsed() throws Exception {
        assertThat(HostPort.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 80)))
                .hasToString("127.0.0.2:80")
                .isEqualTo(HostPort.parse("127.0.0.2:80"));
        byte[] v6 = InetAddress.ofLiteral("fe80::1").getAddress();
        assertThat(HostPort.of(new InetSocketAddress(Inet6Address.getByAddress(null, v6, 3), 80)))
                .hasToString("[fe80:0:0:0:0:0:0:1]:80");
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String text : new String[] {"", "host", "host:", ":80", "::1:80", "host:65536", "ho st:80", "host:8x"}) {
            assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
