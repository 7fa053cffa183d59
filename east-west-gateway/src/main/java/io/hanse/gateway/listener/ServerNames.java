/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.listener;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.hbone.Admission;
import io.hanse.transport.hbone.ClientHello;
import io.hanse.transport.hbone.ConnectionGate;
import io.hanse.transport.hbone.TunnelListener;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Function;

/**
 * Chooses by SNI (docs/wires.md): the control plane's names are passed through untouched; everything else that speaks
 * {@code h2} is HBONE.
 */
public final class ServerNames implements ConnectionGate {

    /** The registry's xDS. */
    public static final String REGISTRY = "registry.hanse.internal";

    /** The bundle endpoint. */
    public static final String BUNDLE = "bundle.hanse.internal";

    private static final String HBONE_PROTOCOL = "h2";

    private final Map<String, InetSocketAddress> passThrough;
    private final Function<String, TunnelListener> listeners;

    /**
     * A gate with these targets.
     *
     * @param passThrough by server name, resolved
     * @param listeners hears of each connection passed through, by server name
     */
    public ServerNames(Map<String, InetSocketAddress> passThrough, Function<String, TunnelListener> listeners) {
        this.passThrough = Map.copyOf(passThrough);
        this.listeners = listeners;
    }

    @Override
    public Admission admit(ClientHello hello, InetSocketAddress localAddress, InetSocketAddress remoteAddress) {
        String name = hello.serverName().orElse("");
        InetSocketAddress target = passThrough.get(name);
        if (target != null) {
            return new Admission.PassThrough(target, listeners.apply(name));
        }
        return hello.protocols().contains(HBONE_PROTOCOL)
                ? new Admission.Hbone()
                : new Admission.Refuse(ReasonCode.PROTOCOL_ERROR);
    }
}
