/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an attacker: sends any bytes and hears, in words, what comes back. Words: {@code GOAWAY <code>},
 * {@code RST_STREAM <code>}, {@code <status> <hanse-reason>}, {@code DATA}, {@code SETTINGS}, {@code PONG}, {@code closed}.
 */
final class Wire implements AutoCloseable {

    /** How long any single answer may take: liveness on a busy machine, not speed. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final String CLOSED = "closed";

    /** Little, so that whoever does not read is noticed before the kernel has taken megabytes for him. */
    private static final int RECEIVE_BYTES = 16_384;

    private static final String[] CODES = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM"
    };

    /** Closed first: a TLS socket that is blocked in a write cannot be closed. */
    private final Socket tcp;

    private final Socket socket;
    private final OutputStream out;
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private volatile CountDownLatch hearing = new CountDownLatch(0);
    private final Passport passport;
    private final List<Wire> others = new ArrayList<>();
    private final ReentrantLock saying = new ReentrantLock();
    private volatile boolean polite;
    private volatile boolean over;

    private Wire(Passport passport, Socket tcp, Socket socket) throws IOException {
        this.passport = passport;
        this.tcp = tcp;
        tcp.setTcpNoDelay(true);
        this.socket = socket;
        this.out = socket.getOutputStream();
    }

    /** TCP alone. */
    static Wire tcp(InetSocketAddress at) throws IOException {
        Socket tcp = dial(at);
        return listening(new Wire(Passport.none(), tcp, tcp));
    }

    /** TLS as somebody, up to the client's Finished; whoever is not wanted hears {@code closed} soon after. */
    static Wire tls(InetSocketAddress at, Passport passport) throws IOException {
        Socket tcp = dial(at);
        return listening(new Wire(passport, tcp, passport.over(tcp)));
    }

    private static Socket dial(InetSocketAddress at) throws IOException {
        Socket tcp = new Socket();
        tcp.setReceiveBufferSize(RECEIVE_BYTES);
        tcp.connect(at);
        return tcp;
    }

    /** One more connection of the same attacker, which ends with this one. */
    Wire another() throws IOException {
        Wire other = tls((InetSocketAddress) tcp.getRemoteSocketAddress(), passport);
        others.add(other);
        return other;
    }

    private static Wire listening(Wire wire) {
        Thread.ofVirtual().name("hears").start(wire::hearAll);
        return wire;
    }

    /** Reads nothing from now on, so that answers pile up at the other side. */
    void deaf() {
        hearing = new CountDownLatch(1);
    }

    /** Gives signs of life from now on. */
    void answerPings() {
        polite = true;
    }

    /** Reads again. */
    void hear() {
        hearing.countDown();
    }

    // ---- saying

    void send(byte[]... parts) throws IOException {
        saying.lock();
        try {
            out.write(Frames.join(parts));
            out.flush();
        } finally {
            saying.unlock();
        }
    }

    /** Sends again and again, until the other side has had enough or {@code most} times. */
    void flood(int most, byte[] one) throws IOException {
        int atOnce = Math.max(1, 16_384 / one.length);
        byte[] block = Frames.times(atOnce, one);
        for (int sent = 0; sent < most && !over; sent += atOnce) {
            out.write(block);
            out.flush();
        }
    }

    /** Sends a byte, waits, sends a byte: until the other side has had enough or everything is said. */
    void trickle(byte[] all, Duration pause) throws IOException {
        for (int i = 0; i < all.length && !over; i++) {
            out.write(all, i, 1);
            out.flush();
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Preface and SETTINGS, both ways. */
    void hello(int... settings) throws IOException {
        send(Frames.preface(), Frames.settings(settings));
        await("SETTINGS"::equals);
        send(Frames.frame(Frames.SETTINGS, Frames.ACK, 0));
    }

    boolean isOver() {
        return over;
    }

    // ---- hearing

    /** The next word that matters; {@code nothing} if none comes. */
    String await(Predicate<String> matters) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toNanos(); left > 0; left = deadline - System.nanoTime()) {
                String word = heard.poll(left, TimeUnit.NANOSECONDS);
                if (CLOSED.equals(word)) {
                    heard.add(CLOSED); // stays true
                    return CLOSED;
                }
                if (word != null && matters.test(word)) {
                    return word;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "nothing in " + PATIENCE.toSeconds() + " s";
    }

    private void hearAll() {
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 65_536);
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                hearing.await();
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                if (polite && (lengthAndType & 0xff) == Frames.PING && (flags & Frames.ACK) == 0) {
                    send(Frames.frame(Frames.PING, Frames.ACK, 0, payload));
                }
                String word = word(lengthAndType & 0xff, flags, Unpooled.wrappedBuffer(payload), decoder);
                if (word != null) {
                    over |= word.startsWith("GOAWAY") && !word.endsWith("NO_ERROR");
                    heard.add(word);
                }
            }
        } catch (IOException | Http2Exception | InterruptedException e) {
            // However the other side ended it: an attacker is owed no more than the end.
            over = true;
            heard.add(CLOSED);
        }
    }

    private static @Nullable String word(int type, int flags, ByteBuf payload, DefaultHttp2HeadersDecoder decoder)
            throws Http2Exception {
        return switch (type) {
            case Frames.HEADERS -> {
                Http2Headers headers = decoder.decodeHeaders(1, payload);
                CharSequence reason = headers.get("hanse-reason");
                yield headers.status() + (reason == null ? "" : " " + reason);
            }
            case Frames.RST_STREAM -> "RST_STREAM " + CODES[payload.getInt(0)];
            case Frames.GOAWAY -> "GOAWAY " + CODES[payload.getInt(4)];
            case Frames.DATA -> payload.isReadable() ? "DATA" : null;
            case Frames.SETTINGS -> (flags & Frames.ACK) == 0 ? "SETTINGS" : null;
            case Frames.PING -> (flags & Frames.ACK) == 0 ? null : "PONG";
            default -> null;
        };
    }

    @Override
    public void close() throws IOException {
        over = true;
        hearing.countDown();
        for (Wire each : others) {
            each.close();
        }
        tcp.close();
    }
}
