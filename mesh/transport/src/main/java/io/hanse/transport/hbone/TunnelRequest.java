/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/**
 * One CONNECT that waits for its answer. Exactly one of the answering methods takes effect, the first; on any thread, at
 * once or later. If the client goes away first, answering does nothing. A request unanswered after
 * {@link HboneLimits#answer()} is refused 503 LIMIT_EXCEEDED.
 */
public interface TunnelRequest {

    /** The verified caller. */
    Peer peer();

    /** {@code :authority} as sent: a host (name or address) and a port, not yet parsed. */
    String authority();

    /** The other headers; none any more once it is answered. */
    RequestHeaders headers();

    /** The address the TCP connection was accepted at. */
    InetSocketAddress localAddress();

    /** The TCP peer. */
    InetSocketAddress remoteAddress();

    /** Where everything about this tunnel runs. */
    EventLoop eventLoop();

    /** Adds a header to the answer, whichever it will be; before answering. */
    void answerHeader(String name, String value);

    /** Refuses: {@code status} with END_STREAM and {@code hanse-reason}. */
    void refuse(int status, ReasonCode reason);

    /** Refuses by policy: also sends {@code hanse-policy}. */
    void refuse(int status, ReasonCode reason, PolicyName policy);

    /** Answers with END_STREAM and no tunnel: probes and dry runs. */
    void answerEmpty(int status);

    /**
     * Dials {@code target} on {@link #eventLoop()}; answers 200 and copies bytes, or 503 UPSTREAM_CONNECT_FAILED (within
     * {@link HboneLimits#connect()}).
     */
    void connect(InetSocketAddress target, TunnelListener listener);
}
