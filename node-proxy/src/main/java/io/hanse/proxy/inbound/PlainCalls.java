/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.transport.hbone.PlainForward;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Plain-text calls to this node's workloads: taken where policy lets a caller through who has proved nothing (permissive
 * mode), reset elsewhere. Runs on the event loops.
 */
public final class PlainCalls {

    private final InboundTunnels rules;
    private final PlainForward forward;
    private final ProxyLog log;

    /** Calls judged by the rules of {@code rules}. */
    public PlainCalls(InboundTunnels rules, PlainForward forward, ProxyLog log) {
        this.rules = rules;
        this.forward = forward;
        this.log = log;
    }

    /** Takes over {@code accepted}: unread, AUTO_READ off. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a reset
    public void call(Channel accepted, Workload workload, int port) {
        InetSocketAddress source = (InetSocketAddress) accepted.remoteAddress();
        switch (rules.judge().judgePlain(workload, port, source.getAddress())) {
            case Verdict.Allow allowed ->
                forward.forward(
                        accepted,
                        allowed.target(),
                        stats -> log.plain(source, workload, port, stats.reason(), Optional.empty()));
            case Verdict.Refuse refused -> {
                log.plain(source, workload, port, reasonOf(refused), refused.policy());
                accepted.config().setOption(ChannelOption.SO_LINGER, 0);
                accepted.close();
            }
        }
    }

    /** A policy that refuses whoever has no identity is the strict mode: say so, since that is what to change. */
    private static ReasonCode reasonOf(Verdict.Refuse refused) {
        boolean strict = refused.reason() == ReasonCode.DENIED_BY_POLICY
                && refused.policy().map(PolicyName::namespace).equals(Optional.of("hanse-system"));
        return strict ? ReasonCode.PLAINTEXT_REFUSED : refused.reason();
    }
}
