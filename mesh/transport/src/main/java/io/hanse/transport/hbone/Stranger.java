/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts a connection among those whose peer has not proved who it is, until it has, or closes. */
final class Stranger {

    private static final AttributeKey<AtomicInteger> COUNTED_IN = AttributeKey.valueOf(Stranger.class, "counted");

    private Stranger() {}

    static void count(Channel channel, AtomicInteger strangers) {
        strangers.incrementAndGet();
        channel.attr(COUNTED_IN).set(strangers);
        channel.closeFuture().addListener(closed -> known(channel));
    }

    static void known(Channel channel) {
        @Nullable AtomicInteger strangers = channel.attr(COUNTED_IN).getAndSet(null);
        if (strangers != null) {
            strangers.decrementAndGet();
        }
    }
}
