/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds server name and ALPN in the first bytes of a TLS connection (RFC 8446 4.1.2, 5.1). Reads, never consumes. */
final class ClientHelloReader {

    /** A ClientHello with post-quantum key shares is 2 KB; a larger one than this is refused. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int EXTENSION_SERVER_NAME = 0;
    private static final int EXTENSION_ALPN = 16;
    private static final int HOST_NAME = 0;
    /** Version and random. */
    private static final int FIXED_BYTES = 2 + 32;

    /** What the bytes are. */
    sealed interface Look {
        /** Too few to tell. */
        record More() implements Look {}

        /** Not a ClientHello, or too large a one. */
        record Alien() implements Look {}

        /** A whole ClientHello. */
        record Hello(ClientHello hello) implements Look {}
    }

    private ClientHelloReader() {}

    /** Looks at all readable bytes. */
    static Look look(ByteBuf in) {
        ByteBuf message = in.alloc().heapBuffer();
        try {
            int at = in.readerIndex();
            int end = in.writerIndex();
            while (true) {
                if (at < end && in.getUnsignedByte(at) != HANDSHAKE
                        || at + 1 < end && in.getUnsignedByte(at + 1) != 3) {
                    return new Look.Alien();
                }
                if (end - at < RECORD_HEADER) {
                    return more(in);
                }
                int length = in.getUnsignedShort(at + 3);
                if (length == 0) {
                    return new Look.Alien();
                }
                int there = Math.min(length, end - at - RECORD_HEADER);
                message.writeBytes(in, at + RECORD_HEADER, there);
                if (message.isReadable() && message.getByte(0) != CLIENT_HELLO) {
                    return new Look.Alien();
                }
                if (isWhole(message)) {
                    return parse(message);
                }
                if (there < length) {
                    return more(in);
                }
                at += RECORD_HEADER + length;
            }
        } finally {
            message.release();
        }
    }

    private static Look more(ByteBuf in) {
        return in.readableBytes() > MAX_BYTES ? new Look.Alien() : new Look.More();
    }

    private static boolean isWhole(ByteBuf message) {
        return message.readableBytes() >= HANDSHAKE_HEADER
                && message.readableBytes() >= HANDSHAKE_HEADER + message.getUnsignedMedium(1);
    }

    private static Look parse(ByteBuf message) {
        ByteBuf hello = message.slice(HANDSHAKE_HEADER, message.getUnsignedMedium(1));
        try {
            hello.skipBytes(FIXED_BYTES);
            hello.skipBytes(hello.readUnsignedByte());
            hello.skipBytes(hello.readUnsignedShort());
            hello.skipBytes(hello.readUnsignedByte());
            Optional<String> name = Optional.empty();
            List<String> protocols = List.of();
            ByteBuf extensions = hello.isReadable() ? hello.readSlice(hello.readUnsignedShort()) : hello;
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
                if (type == EXTENSION_SERVER_NAME) {
                    name = serverName(body);
                } else if (type == EXTENSION_ALPN) {
                    protocols = protocols(body);
                }
            }
            return new Look.Hello(new ClientHello(name, protocols));
        } catch (IndexOutOfBoundsException e) {
            return new Look.Alien();
        }
    }

    private static Optional<String> serverName(ByteBuf body) {
        ByteBuf names = body.readSlice(body.readUnsignedShort());
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            String name = text(names.readSlice(names.readUnsignedShort()));
            if (type == HOST_NAME) {
                String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
                return Optional.of(plain.toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    private static List<String> protocols(ByteBuf body) {
        List<String> found = new ArrayList<>();
        ByteBuf names = body.readSlice(body.readUnsignedShort());
        while (names.isReadable()) {
            found.add(text(names.readSlice(names.readUnsignedByte())));
        }
        return found;
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
