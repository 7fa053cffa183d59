/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands log lines to a thread of its own, which writes them to the appenders inside: whoever logs never waits for a disk or
 * a terminal, so event loops may log. What finds no room is dropped and counted. Any thread may log.
 */
final class LogHandOff extends UnsynchronizedAppenderBase<ILoggingEvent> implements AppenderAttachable<ILoggingEvent> {

    /** Lines that wait: some seconds of a busy proxy's calls, in a few megabytes. */
    static final int MAX_WAITING = 16_384;

    /** How long {@link #stop} lets the last lines be written. */
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    /** While lines come the writer naps between them: being woken for each would cost whoever logs a system call. */
    private static final Duration NAP = Duration.ofMillis(2);

    private final AppenderAttachableImpl<ILoggingEvent> inside = new AppenderAttachableImpl<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lines = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean writerRests;
    private @Nullable Thread writer;

    @Override
    public void start() {
        super.start();
        writer = Thread.ofPlatform().daemon().name("log-" + getName()).start(this::write);
    }

    @Override
    public void stop() {
        super.stop();
        Thread writing = writer;
        if (writing != null) {
            LockSupport.unpark(writing);
            try {
                writing.join(LAST_LINES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        inside.detachAndStopAllAppenders();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (lines.incrementAndGet() > MAX_WAITING) {
            lines.decrementAndGet();
            dropped.increment();
            return;
        }
        event.prepareForDeferredProcessing();
        hand(() -> {
            lines.decrementAndGet();
            inside.appendLoopOnAppenders(event);
        });
    }

    /** How many lines found no room. */
    double dropped() {
        return dropped.sum();
    }

    /** Waits until everything that was logged before is written; false if that takes too long. Blocks. */
    boolean flush(Duration patience) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        hand(reached::countDown);
        return reached.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void hand(Runnable line) {
        waiting.add(line);
        // It rests before it looks a last time, and we add before we look: one of the two sees the other.
        if (writerRests) {
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        boolean wrote = false;
        while (true) {
            Runnable line = waiting.poll();
            if (line != null) {
                line.run();
                wrote = true;
            } else if (isStarted() && wrote) {
                wrote = false;
                LockSupport.parkNanos(this, NAP.toNanos());
            } else if (isStarted()) {
                writerRests = true;
                if (waiting.isEmpty() && isStarted()) {
                    LockSupport.park(this);
                }
                writerRests = false;
            } else {
                return;
            }
        }
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        inside.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return inside.iteratorForAppenders();
    }

    @Override
    public Appender<ILoggingEvent> getAppender(String name) {
        return inside.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return inside.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        inside.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return inside.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return inside.detachAppender(name);
    }
}
