/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.capture.Captured;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.transport.hbone.PlainForward;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Plain-text calls to this node's workloads: taken where policy lets a caller through who has proved nothing (permissive
 * mode), reset elsewhere. Runs on the event loops; {@link #publish} on the thread that brings the image.
 */
public final class PlainCalls {

    /** How the registry names the policies that it makes of PeerAuthentications: Istio's names. */
    private static final List<String> STRICT_NAMES =
            List.of("istio_converted_static_strict", "converted_peer_authentication_");

    private final InboundTunnels rules;
    private final PlainForward forward;
    private final ProxyLog log;
    private final Map<Channel, Call> open = new ConcurrentHashMap<>();

    private record Call(Workload workload, int port, InetSocketAddress source, AtomicBoolean told) {}

    /** Calls judged by the rules of {@code rules}. */
    public PlainCalls(InboundTunnels rules, PlainForward forward, ProxyLog log) {
        this.rules = rules;
        this.forward = forward;
        this.log = log;
    }

    /** Takes over {@code accepted}: unread, AUTO_READ off. */
    public void call(Channel accepted, Workload workload, int port) {
        Call call = new Call(workload, port, (InetSocketAddress) accepted.remoteAddress(), new AtomicBoolean());
        // Before the verdict: whoever changes the rules meanwhile finds it among the open ones.
        open.put(accepted, call);
        accepted.closeFuture().addListener(closed -> open.remove(accepted));
        switch (verdict(call)) {
            case Verdict.Allow allowed ->
                forward.forward(accepted, allowed.target(), stats -> tell(call, stats.reason(), Optional.empty()));
            case Verdict.Refuse refused -> refuse(accepted, call, refused);
        }
    }

    /** Ends the open calls that the rules, having changed, would refuse. */
    public void publish() {
        open.forEach((accepted, call) -> {
            if (verdict(call) instanceof Verdict.Refuse refused) {
                refuse(accepted, call, refused);
            }
        });
    }

    private void refuse(Channel accepted, Call call, Verdict.Refuse refused) {
        open.remove(accepted);
        tell(call, reasonOf(refused), refused.policy());
        Captured.reset(accepted);
    }

    /** Once: a call that is ended here ends in the forwarder too. */
    private void tell(Call call, ReasonCode reason, Optional<PolicyName> policy) {
        if (call.told().compareAndSet(false, true)) {
            log.plain(call.source(), call.workload(), call.port(), reason, policy);
        }
    }

    private Verdict verdict(Call call) {
        return rules.judge()
                .judgePlain(call.workload().uid(), call.port(), call.source().getAddress());
    }

    /** A policy that refuses whoever has no identity is the strict mode: say so, since that is what to change. */
    private static ReasonCode reasonOf(Verdict.Refuse refused) {
        boolean strict = refused.reason() == ReasonCode.DENIED_BY_POLICY
                && refused.policy()
                        .map(PolicyName::name)
                        .filter(name -> STRICT_NAMES.stream().anyMatch(name::startsWith))
                        .isPresent();
        return strict ? ReasonCode.PLAINTEXT_REFUSED : refused.reason();
    }
}
