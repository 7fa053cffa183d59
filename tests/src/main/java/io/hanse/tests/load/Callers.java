/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The client end of every measurement: one event loop, so that it takes one core at most and says how much of it. */
@SuppressWarnings("FutureReturnValueIgnored") // each outcome is heard by the connection's handler
final class Callers implements AutoCloseable {

    /** Until all connections of a measurement stand and have been used once; a slow start is no measurement. */
    private static final Duration USUAL_RAMP_UP = Duration.ofSeconds(20);

    /** After the first use of all connections, before figures count: windows and buffers grow meanwhile. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    private static final long POLL_MILLIS = 5;

    private static final Kind ONE = new Kind("one", Kind.Shape.OPEN, 1);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final int openRate;
    private final Duration rampUp;

    /** Callers that send {@code openRate} requests a second when the loop is open. */
    Callers(int openRate) {
        this(openRate, USUAL_RAMP_UP);
    }

    /** Callers that measure after {@code rampUp}, whether every connection was of use by then or not. */
    Callers(int openRate, Duration rampUp) {
        this.openRate = openRate;
        this.rampUp = rampUp;
    }

    /** Something that is done on connections and counted, on the event loop alone. */
    interface Work {
        /** Begins. */
        void begin();

        /** Whether every connection was used once. */
        boolean isWarm();

        /** What is counted from now on is the measurement. */
        void startCounting();

        /** No more is counted, and every connection closes. */
        Outcome end();
    }

    /**
     * What a {@link Work} counted.
     *
     * @param units requests, connections, or GB
     */
    record Outcome(double units, double p50, double p99, double p999, long failed) {}

    /** Loads a way for a while. */
    Figures measure(Kind kind, Way way, Duration time) throws InterruptedException {
        Work work = kind.shape().isBulk()
                ? new Bulk(this, way.target(), kind)
                : new Calls(this, way.target(), kind, openRate);
        on(work::begin);
        awaitWarm(work, rampUp);
        TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
        double allocated = way.allocatedBytes();
        double proxies = ProcFacts.cpuSeconds(way.pids());
        double own = ProcFacts.ownCpuSeconds();
        long began = System.nanoTime();
        on(work::startCounting);
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        Outcome outcome = loop.submit(work::end).sync().getNow();
        double seconds = (System.nanoTime() - began) / 1e9;
        double proxyCpu = ProcFacts.cpuSeconds(way.pids()) - proxies;
        double ownCpu = ProcFacts.ownCpuSeconds() - own;
        return new Figures(
                outcome.units() / seconds,
                outcome.p50(),
                outcome.p99(),
                outcome.p999(),
                outcome.failed(),
                outcome.units() == 0 ? 0 : proxyCpu / outcome.units(),
                outcome.units() == 0 ? 0 : (way.allocatedBytes() - allocated) / outcome.units(),
                ownCpu / seconds);
    }

    /** Whether a request on a connection of its own is answered within a while. */
    boolean answers(Way way, Duration time) throws InterruptedException {
        Work work = new Calls(this, way.target(), ONE, openRate);
        on(work::begin);
        boolean answered = awaitWarm(work, time);
        loop.submit(work::end).sync();
        return answered;
    }

    /** What is done while connections stand idle. */
    interface Look {
        /** Does it. */
        void look() throws InterruptedException;
    }

    /** Opens connections, uses each once, and leaves them idle while {@code look} looks. */
    void holding(Way way, int connections, Look look) throws InterruptedException {
        // An open loop that is never told to start: its connections wait for requests that do not come.
        Work work = new Calls(this, way.target(), new Kind("idle", Kind.Shape.OPEN, connections), openRate);
        on(work::begin);
        awaitWarm(work, rampUp);
        look.look();
        loop.submit(work::end).sync();
    }

    private boolean awaitWarm(Work work, Duration deadline) throws InterruptedException {
        for (long waited = 0; !ask(work); waited += POLL_MILLIS) {
            if (waited > deadline.toMillis()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private void on(Runnable step) throws InterruptedException {
        loop.submit(step).sync();
    }

    private boolean ask(Work work) throws InterruptedException {
        return loop.submit(work::isWarm).sync().getNow();
    }

    EventLoop loop() {
        return loop;
    }

    /** Connects, on the event loop; a failure is seen as an unregistered channel. */
    void connect(InetSocketAddress target, ChannelInboundHandler handler) {
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(handler)
                .connect(target);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
