/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An HTTP/1.1 server that does as little as one can: the first letter of a request says what is wanted. */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed, and its caller counts it
public final class QuickBackend {

    /** A short answer, and the connection stays. */
    static final String KEPT = "GET /";

    /** A short answer, then the server closes. */
    static final String ONCE = "HEAD-AND-CLOSE /";

    /** Everything that comes is thrown away. */
    static final String SINK = "POST /";

    /** Bytes without end. */
    static final String SOURCE = "STREAM /";

    /** The short answer; the client counts its bytes. */
    static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhanse\n";

    /** A piece of bulk. */
    static final ByteBuf CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024));

    private static final ByteBuf ANSWER_BYTES =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(ANSWER.getBytes(StandardCharsets.US_ASCII)));

    private static final int MAX_READ_BYTES = 256 * 1024;
    private static final int BACKLOG = 4096;

    private QuickBackend() {}

    /** Starts one as a process that ends with this one. */
    static Process launch(Path log, int port, String... addresses) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Product.java(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path", ""),
                QuickBackend.class.getName(),
                Integer.toString(port)));
        command.addAll(List.of(addresses));
        return Member.launch(command, log);
    }

    /** Arguments: port and addresses. Ends with its standard input. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ServerBootstrap server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(64, 2048, MAX_READ_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Answering());
                    }
                });
        for (int i = 1; i < arguments.length; i++) {
            server.bind(arguments[i], Integer.parseInt(arguments[0])).sync();
        }
        while (System.in.read() >= 0) {
            // Only its end says something.
        }
        loops.shutdownGracefully();
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {

        private static final int END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

        private byte wanted;
        private int last;
        private boolean pouring;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (wanted == 0) {
                wanted = in.getByte(in.readerIndex());
            }
            while (wanted != 'P' && in.isReadable()) {
                last = last << 8 | in.readByte();
                if (last == END) {
                    answer(context);
                }
            }
            in.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        private void answer(ChannelHandlerContext context) {
            if (wanted == 'S') {
                pouring = true;
                pour(context);
            } else if (wanted == 'H') {
                context.writeAndFlush(ANSWER_BYTES.duplicate()).addListener(ChannelFutureListener.CLOSE);
            } else {
                context.write(ANSWER_BYTES.duplicate(), context.voidPromise());
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            pour(context);
        }

        private void pour(ChannelHandlerContext context) {
            while (pouring && context.channel().isWritable()) {
                context.writeAndFlush(CHUNK.duplicate(), context.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
