/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * How this end takes leave in order (RFC 9113 6.8). A client says one GOAWAY and opens nothing more. A server gives notice
 * first, so that no request on its way is lost: GOAWAY with the highest stream id and a PING; the last word, with the
 * highest id it took, follows the answer or {@link H2Limits#drainStep()}. A client whose SETTINGS have not come yet is given
 * notice when they come: to it, a connection that ends earlier is one that failed. On the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
final class Farewell {

    /** Content of the PING that times it; that of a keepalive is 0. */
    private static final long PING = 0x68616e7365L;

    private static final byte[] NO_DEBUG = {};

    private final H2Connection connection;
    private final H2Limits limits;
    private boolean begun;
    private boolean over;

    Farewell(H2Connection connection, H2Limits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    boolean isBegun() {
        return begun;
    }

    /** Whether the last word is said: streams that the peer opens from now on are ignored. */
    boolean isOver() {
        return over;
    }

    void begin(ChannelHandlerContext ctx) {
        begun = true;
        if (connection.role() == H2Role.CLIENT) {
            sayLastWord();
        } else if (!connection.isStarting()) {
            giveNotice(ctx);
        }
    }

    void giveNotice(ChannelHandlerContext ctx) {
        connection.outbound().goAway(Integer.MAX_VALUE, H2Code.NO_ERROR, NO_DEBUG);
        connection.outbound().ping(PING, false);
        ctx.executor().schedule(this::sayLastWord, limits.drainStep().toNanos(), TimeUnit.NANOSECONDS);
    }

    void pingAnswered(long content) {
        if (content == PING && begun) {
            sayLastWord();
        }
    }

    private void sayLastWord() {
        if (!over && !connection.isOver()) {
            over = true;
            connection.outbound().goAway(connection.peerStreams().lastAccepted(), H2Code.NO_ERROR, NO_DEBUG);
            connection.closeIfDone();
        }
    }
}
