/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.capture;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;

/** What is done with a captured connection that leads nowhere. */
public final class Captured {

    private Captured() {}

    /** Resets: an application must not take a refusal for an empty answer. Any thread; harmless if it has left. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a reset
    public static void reset(Channel connection) {
        try {
            connection.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // The socket is closed already: the other side has left.
        }
        connection.close();
    }
}
