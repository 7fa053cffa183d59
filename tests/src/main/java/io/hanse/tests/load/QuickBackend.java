/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An HTTP/1.1 server that does as little as one can: the same short answer to each request, no parsing of it. */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed, and its caller counts it
public final class QuickBackend {

    /** What it answers; the client counts its bytes. */
    static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhanse\n";

    private static final int MAX_REQUEST_BYTES = 8 * 1024;
    private static final int BACKLOG = 1024;

    private QuickBackend() {}

    /** Arguments: port and addresses. Ends with its standard input. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ServerBootstrap server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ByteBuf end = Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII);
                        channel.pipeline()
                                .addLast(new DelimiterBasedFrameDecoder(MAX_REQUEST_BYTES, end), new Answering());
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

    private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {

        private static final byte[] BYTES = ANSWER.getBytes(StandardCharsets.US_ASCII);

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
            boolean last = request.toString(StandardCharsets.US_ASCII).contains("Connection: close");
            var written = context.writeAndFlush(Unpooled.wrappedBuffer(BYTES));
            if (last) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
