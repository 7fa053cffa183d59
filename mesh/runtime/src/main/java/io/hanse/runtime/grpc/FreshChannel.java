/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.ManagedChannel;
import io.hanse.transport.tls.X509Svid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A channel for single calls whose connection shows the SVID of today. A server that judges its caller at each call judges
 * the SVID the connection began with; a connection may outlive that by far, and would be refused from then on. Any thread.
 */
public final class FreshChannel implements AutoCloseable {

    private final MeshIdentity identity;
    private final GrpcChannels channels;
    private Optional<X509Svid> shown = Optional.empty();
    private @Nullable ManagedChannel channel;

    /** Opens nothing yet. */
    public FreshChannel(MeshIdentity identity, GrpcChannels channels) {
        this.identity = identity;
        this.channels = channels;
    }

    /** The channel for the next call; opened anew if the SVID was renewed. Calls under way on an older one may end. */
    public synchronized ManagedChannel current() {
        Optional<X509Svid> now = identity.svids().current();
        ManagedChannel open = channel;
        if (open == null || !now.equals(shown)) {
            if (open != null) {
                open.shutdown();
            }
            open = channels.open();
            channel = open;
            shown = now;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
