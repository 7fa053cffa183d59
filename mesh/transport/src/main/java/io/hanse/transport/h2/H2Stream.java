/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel's stream (RFC 9113 5). Everything on the connection's event loop.
 *
 * <p>States: open; half closed here ({@link #end} sent), there ({@link StreamListener#inputEnded} told), or both, which is
 * closed; {@link #reset} and {@link StreamListener#failed} close it from any state. A closed stream ignores all calls.
 */
public final class H2Stream {

    private final H2Connection connection;
    private final int id;
    private final long began = Ticker.systemTicker().nanoTime();
    private @Nullable StreamListener listener;

    private boolean answered;
    private int informational;
    private boolean remoteEnded;
    private boolean endAsked;
    private boolean endSent;
    private boolean closed;

    private int sendWindow;
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(2);
    private boolean queued;
    private boolean writerWaits;

    private int receiveWindow;
    private int windowTarget;
    private int consumed;
    private boolean dirty;

    H2Stream(H2Connection connection, int id, int sendWindow, int receiveWindow) {
        this.connection = connection;
        this.id = id;
        this.sendWindow = sendWindow;
        this.receiveWindow = receiveWindow;
        this.windowTarget = receiveWindow;
    }

    /** The stream's number. */
    public int id() {
        return id;
    }

    /** The connection it belongs to. */
    public H2Connection connection() {
        return connection;
    }

    /** Where everything about it runs. */
    public EventLoop eventLoop() {
        return connection.eventLoop();
    }

    /** Who hears of it from now on. */
    public void listen(StreamListener next) {
        listener = next;
    }

    /** Whether it is over. */
    public boolean isClosed() {
        return closed;
    }

    /** Server only: answers the request; with {@code end} there is no tunnel. */
    public void answer(int status, List<HeaderField> fields, boolean end) {
        if (closed || answered) {
            return;
        }
        answered = true;
        connection.outbound().answer(id, status, fields, end);
        if (end) {
            endAsked = true;
            endSent();
        }
    }

    /**
     * Sends bytes. Ownership of the whole buffer passes, also of the bytes in front of its reader index: up to nine of
     * them may be overwritten. Never refused, but a writer that goes on while {@link #isWritable} is false lets memory grow.
     */
    public void write(ByteBuf data) {
        if (closed || endAsked || !data.isReadable()) {
            data.release();
            return;
        }
        connection.outbound().data(this, data);
    }

    /** Whether more should be written now. After false, {@link StreamListener#writable} is told once. */
    public boolean isWritable() {
        if (closed) {
            return false;
        }
        if (!pending.isEmpty()) {
            writerWaits = true;
            return false;
        }
        if (!connection.outbound().isChannelWritable()) {
            if (!writerWaits) {
                writerWaits = true;
                connection.outbound().waitForChannel(this);
            }
            return false;
        }
        return true;
    }

    /** Ends this direction (END_STREAM) behind what was written. */
    public void end() {
        if (closed || endAsked) {
            return;
        }
        endAsked = true;
        if (pending.isEmpty()) {
            connection.outbound().end(this);
            endSent();
        }
    }

    /** Notes that END_STREAM went with the request. */
    void requestSentWithEnd() {
        endAsked = true;
        endSent = true;
    }

    /** Server only: the request made no sense; a peer that goes on sending such ones loses the connection. */
    public void blame() {
        connection.inbound().blame();
    }

    /** Ends both directions at once. The listener hears nothing more. */
    public void reset(H2Code code) {
        if (!closed) {
            connection.outbound().reset(id, code);
            connection.remove(this);
        }
    }

    /** Bytes that wait here for credit. */
    public int waiting() {
        int bytes = 0;
        for (ByteBuf each : pending) {
            bytes += each.readableBytes();
        }
        return bytes;
    }

    /** Tells the connection's listener that a writer had to stop: for want of credit, or because the peer takes nothing. */
    public void heldUp() {
        connection.listener().heldUp();
    }

    /** Tells the connection's listener that the peer ran into a limit with this stream. */
    public void limited(Limit limit, String detail) {
        connection.listener().limited(limit, detail);
    }

    /** {@code bytes} that {@link StreamListener#data} brought are out of memory; the peer may send as many more. */
    public void consumed(int bytes) {
        if (closed || remoteEnded) {
            return;
        }
        consumed += bytes;
        if (consumed >= windowTarget / 2) {
            int more = connection.growth(windowTarget);
            windowTarget += more;
            int increment = consumed + more;
            receiveWindow += increment;
            consumed = 0;
            connection.outbound().windowUpdate(id, increment);
        }
    }

    // ---- for Outbound

    ArrayDeque<ByteBuf> pending() {
        return pending;
    }

    int sendWindow() {
        return sendWindow;
    }

    void spend(int bytes) {
        sendWindow -= bytes;
    }

    /** Adds credit; false if the window would exceed 2^31-1. */
    boolean earn(int bytes) {
        long grown = (long) sendWindow + bytes;
        if (grown > Integer.MAX_VALUE) {
            return false;
        }
        sendWindow = (int) grown;
        return true;
    }

    boolean isQueued() {
        return queued;
    }

    void queued(boolean now) {
        queued = now;
    }

    boolean endsAfterPending() {
        return endAsked && pending.isEmpty();
    }

    void endSent() {
        endSent = true;
        if (remoteEnded) {
            connection.remove(this);
        }
    }

    /** Nothing is pending any more. */
    void drained() {
        if (writerWaits) {
            if (connection.outbound().isChannelWritable()) {
                becameWritable();
            } else {
                connection.outbound().waitForChannel(this);
            }
        }
    }

    void becameWritable() {
        writerWaits = false;
        if (!closed && listener != null) {
            listener.writable();
        }
    }

    // ---- for InboundFrames

    /** Whether it began less than {@code age} ago. */
    boolean isYoungerThan(Duration age) {
        return Ticker.systemTicker().nanoTime() - began < age.toNanos();
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isRemoteEnded() {
        return remoteEnded;
    }

    /** Counts an informational answer and returns how many came. */
    int informational() {
        informational++;
        return informational;
    }

    int receiveWindow() {
        return receiveWindow;
    }

    /** Takes credit away; false if the peer sent more than it had. */
    boolean receive(int bytes) {
        receiveWindow -= bytes;
        return receiveWindow >= 0;
    }

    void requestEnded() {
        remoteEnded = true;
    }

    void onAnswer(ResponseHead head, boolean ended) {
        answered = true;
        remoteEnded = ended;
        if (listener != null) {
            listener.answered(head, ended);
        }
        if (ended && endSent && !closed) {
            connection.remove(this);
        }
    }

    void onData(ByteBuf chunk) {
        if (listener == null) {
            chunk.release();
            return;
        }
        if (!dirty) {
            dirty = true;
            connection.dirty(this);
        }
        listener.data(chunk);
    }

    void onEnd() {
        remoteEnded = true;
        if (listener != null) {
            listener.inputEnded();
        }
        if (endSent && !closed) {
            connection.remove(this);
        }
    }

    void onBurstEnd() {
        dirty = false;
        if (listener != null) {
            listener.burstEnded();
        }
    }

    void onFailure(H2Code code, ReasonCode reason) {
        if (!closed) {
            connection.remove(this);
            if (listener != null) {
                listener.failed(code, reason);
            }
        }
    }

    /** Lets go of everything and returns the size its window had reached. */
    int close() {
        closed = true;
        for (ByteBuf each : pending) {
            each.release();
        }
        pending.clear();
        return windowTarget;
    }
}
