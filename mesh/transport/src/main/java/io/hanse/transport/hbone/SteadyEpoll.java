/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/**
 * Netty's epoll without two faults of 4.2.18 that kill or stall channels (ADR 0004).
 *
 * <p>A socket whose interest becomes empty is taken out of the epoll set but remembered as added, so its next change fails
 * with ENOENT. Here an empty interest becomes EPOLLET alone: no event is asked for, and EPOLLHUP, which is always told, is
 * told once and not for ever.
 *
 * <p>Events are handed out by file descriptor. When a channel is closed while a batch of events is handed out, and another
 * opened by the same batch, the kernel gives the number again, and what was told of the old socket reached the new one: a
 * channel that is being connected was read, or taken for half closed. Here a channel hears nothing in the batch that it was
 * registered in: what epoll tells of it can only be in a later one.
 */
final class SteadyEpoll implements IoHandler {

    private final IoHandler netty;

    /** Counts {@link #run}, each of which hands out one batch. */
    private long batch;

    private SteadyEpoll(IoHandler netty) {
        this.netty = netty;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory netty = EpollIoHandler.newFactory();
        return executor -> new SteadyEpoll(netty.newHandler(executor));
    }

    @Override
    public void initialize() {
        netty.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        batch++;
        return netty.run(context);
    }

    @Override
    public void prepareToDestroy() {
        netty.prepareToDestroy();
    }

    @Override
    public void destroy() {
        netty.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        IoHandle heard = handle instanceof EpollIoHandle socket ? new Newcomer(socket, batch) : handle;
        return new Steady(netty.register(heard));
    }

    @Override
    public void wakeup() {
        netty.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return netty.isCompatible(type);
    }

    /** A socket in the epoll set. Channels submit on their event loop. */
    private static final class Steady implements IoRegistration {
        private final IoRegistration netty;
        private boolean added;

        Steady(IoRegistration netty) {
            this.netty = netty;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            if (!EpollIoOps.NONE.equals(ops)) {
                added = true;
                return netty.submit(ops);
            }
            // Before its first interest a socket is not in the set: a HUP of one not yet connected would be misread.
            return netty.submit(added ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }

    /** A socket that is deaf to the batch it was registered in, if it was in one. */
    @SuppressWarnings("try") // Netty's signature
    private final class Newcomer implements EpollIoHandle {
        private final EpollIoHandle socket;
        private final long born;

        Newcomer(EpollIoHandle socket, long born) {
            this.socket = socket;
            this.born = born;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (batch != born) {
                socket.handle(registration, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return socket.fd();
        }

        @Override
        public void registered() {
            socket.registered();
        }

        @Override
        public void unregistered() {
            socket.unregistered();
        }

        @Override
        public void close() throws Exception {
            socket.close();
        }
    }
}
