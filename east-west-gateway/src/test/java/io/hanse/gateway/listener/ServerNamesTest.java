/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.hbone.Admission;
import io.hanse.transport.hbone.ClientHello;
import io.hanse.transport.hbone.TunnelListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServerNamesTest {

    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress REGISTRY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 15013);
    private static final InetSocketAddress BUNDLE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8443);

    private final ServerNames names = new ServerNames(
            Map.of(ServerNames.REGISTRY, REGISTRY, ServerNames.BUNDLE, BUNDLE), name -> TunnelListener.NONE);

    @Test
    void theControlPlanesNamesArePassedThroughWhateverTheySpeak() {
        assertThat(admitted("registry.hanse.internal", "h2"))
                .isEqualTo(new Admission.PassThrough(REGISTRY, TunnelListener.NONE));
        assertThat(admitted("bundle.hanse.internal", "http/1.1"))
                .isEqualTo(new Admission.PassThrough(BUNDLE, TunnelListener.NONE));
        assertThat(admitted("bundle.hanse.internal")).isEqualTo(new Admission.PassThrough(BUNDLE, TunnelListener.NONE));
    }

    @Test
    void withoutANameOrWithAnyOtherTunnelsAreSpokenIfH2IsOffered() {
        assertThat(names.admit(new ClientHello(Optional.empty(), List.of("h2")), SOMEWHERE, SOMEWHERE))
                .isEqualTo(new Admission.Hbone());
        assertThat(admitted("gw.bergen.example", "http/1.1", "h2")).isEqualTo(new Admission.Hbone());
    }

    @Test
    void whatSpeaksNoH2IsRefused() {
        assertThat(names.admit(new ClientHello(Optional.empty(), List.of()), SOMEWHERE, SOMEWHERE))
                .isEqualTo(new Admission.Refuse(ReasonCode.PROTOCOL_ERROR));
        assertThat(admitted("localhost", "http/1.1")).isEqualTo(new Admission.Refuse(ReasonCode.PROTOCOL_ERROR));
        assertThat(admitted("evil.registry.hanse.internal", "http/1.1"))
                .isEqualTo(new Admission.Refuse(ReasonCode.PROTOCOL_ERROR));
    }

    private Admission admitted(String serverName, String... protocols) {
        return names.admit(new ClientHello(Optional.of(serverName), List.of(protocols)), SOMEWHERE, SOMEWHERE);
    }
}
