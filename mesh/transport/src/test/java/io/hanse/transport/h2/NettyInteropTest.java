/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.hbone.Leaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our handler at one end, Netty's own codec at the other: an independent reading of RFC 9113. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class NettyInteropTest {

    static {
        Leaks.watch();
    }

    private static final int MUCH = 3 * 1024 * 1024;

    @AfterEach
    void end() {
        assertThat(Leaks.found()).isEmpty();
    }

    /** Carries bytes between the two until neither has any. */
    private static void settle(EmbeddedChannel one, EmbeddedChannel other) {
        boolean moved = true;
        while (moved) {
            one.runPendingTasks();
            other.runPendingTasks();
            moved = move(one, other);
            moved |= move(other, one);
        }
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        boolean moved = false;
        for (Object each = from.readOutbound(); each != null; each = from.readOutbound()) {
            to.writeInbound(each);
            moved = true;
        }
        return moved;
    }

    private static EmbeddedChannel started(ChannelHandler... handlers) {
        return new EmbeddedChannel(handlers);
    }

    /** Sends back what comes, ends when the other side ends, gives credit at once. */
    private static final class Echo implements StreamListener {
        private final H2Stream stream;

        Echo(H2Stream stream) {
            this.stream = stream;
        }

        @Override
        public void data(ByteBuf chunk) {
            int n = chunk.readableBytes();
            stream.write(chunk);
            stream.consumed(n);
        }

        @Override
        public void inputEnded() {
            stream.end();
        }

        @Override
        public void failed(H2Code code, ReasonCode reason) {
            throw new AssertionError(code + " " + reason);
        }

        @Override
        public void writable() {}
    }

    private static final class Server implements ConnectionListener {
        @Override
        public void request(H2Stream stream, RequestHead head, boolean ended) {
            stream.listen(new Echo(stream));
            stream.answer(200, List.of(new HeaderField("baggage", head.authority())), false);
        }
    }

    @Test
    void nettysClientTunnelsThroughOurServer() throws Exception {
        StringBuilder heads = new StringBuilder();
        int[] got = new int[1];
        boolean[] ended = new boolean[1];
        EmbeddedChannel client = started(
                Http2FrameCodecBuilder.forClient().build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        EmbeddedChannel server =
                started(new H2Connection(H2Role.SERVER, H2Limits.defaults(), new Server(), H2Metrics.NONE));
        settle(client, server);
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(client)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        if (message instanceof Http2HeadersFrame head) {
                            heads.append(head.headers().status())
                                    .append(head.headers().get("baggage"));
                        } else if (message instanceof Http2DataFrame data) {
                            got[0] += data.content().readableBytes();
                            ended[0] |= data.isEndStream();
                            data.release();
                        }
                    }
                })
                .open()
                .getNow();
        stream.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers().method("CONNECT").authority("a.example:1"), false));
        stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[MUCH]), false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
        settle(client, server);
        assertThat(heads).hasToString("200a.example:1");
        assertThat(got[0]).isEqualTo(MUCH);
        assertThat(ended[0]).isTrue();
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void ourClientTunnelsThroughNettysServer() {
        StringBuilder asked = new StringBuilder();
        EmbeddedChannel server =
                started(Http2FrameCodecBuilder.forServer().build(), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        if (message instanceof Http2HeadersFrame head) {
                            asked.append(head.headers().method())
                                    .append(head.headers().authority());
                            ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false)
                                    .stream(head.stream()));
                        } else if (message instanceof Http2DataFrame data) {
                            ctx.write(new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes())
                                    .stream(data.stream()));
                            ctx.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream())
                                    .stream(data.stream()));
                        }
                    }

                    @Override
                    public void channelReadComplete(ChannelHandlerContext ctx) {
                        ctx.flush();
                    }
                });
        H2Connection connection =
                new H2Connection(H2Role.CLIENT, H2Limits.defaults(), new ConnectionListener() {}, H2Metrics.NONE);
        EmbeddedChannel client = started(connection);
        settle(client, server);
        Received received = new Received();
        H2Stream stream =
                connection.open("b.example:2", List.of(new HeaderField("forwarded", "for=x")), false, received);
        received.stream = stream;
        settle(client, server);
        assertThat(received.status).isEqualTo(200);
        stream.write(Unpooled.wrappedBuffer(new byte[MUCH]));
        stream.end();
        settle(client, server);
        assertThat(asked).hasToString("CONNECTb.example:2");
        assertThat(received.bytes).isEqualTo(MUCH);
        assertThat(received.ended).isTrue();
        assertThat(connection.activeStreams()).isZero();
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    private static final class Received implements StreamListener {
        private int status;
        private int bytes;
        private boolean ended;
        private @org.jspecify.annotations.Nullable H2Stream stream;

        @Override
        public void answered(ResponseHead head, boolean end) {
            status = head.status();
        }

        @Override
        public void data(ByteBuf chunk) {
            int n = chunk.readableBytes();
            bytes += n;
            chunk.release();
            if (stream != null) {
                stream.consumed(n);
            }
        }

        @Override
        public void inputEnded() {
            ended = true;
        }

        @Override
        public void failed(H2Code code, ReasonCode reason) {
            throw new AssertionError(code + " " + reason);
        }

        @Override
        public void writable() {}
    }

    @Test
    void streamIdsThatRunOutDrainTheConnection() {
        H2Limits few = Few.streamIds(5);
        boolean[] away = new boolean[1];
        H2Connection connection = new H2Connection(
                H2Role.CLIENT,
                few,
                new ConnectionListener() {
                    @Override
                    public void goingAway() {
                        away[0] = true;
                    }
                },
                H2Metrics.NONE);
        EmbeddedChannel client = started(connection);
        EmbeddedChannel server =
                started(new H2Connection(H2Role.SERVER, H2Limits.defaults(), new Server(), H2Metrics.NONE));
        settle(client, server);
        for (int i = 0; i < 3; i++) {
            assertThat(away[0]).isFalse();
            assertThat(connection.open("a:1", List.of(), false, new Received()).id())
                    .isEqualTo(2 * i + 1);
        }
        assertThat(away[0]).isTrue();
        assertThat(connection.availableStreams()).isZero();
        settle(client, server);
        assertThat(connection.activeStreams()).isEqualTo(3);
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void textSurvivesBothWays() {
        H2Connection connection =
                new H2Connection(H2Role.CLIENT, H2Limits.defaults(), new ConnectionListener() {}, H2Metrics.NONE);
        EmbeddedChannel client = started(connection);
        EmbeddedChannel server =
                started(new H2Connection(H2Role.SERVER, H2Limits.defaults(), new Server(), H2Metrics.NONE));
        settle(client, server);
        StringBuilder text = new StringBuilder();
        H2Stream stream = connection.open("a:1", List.of(), false, new StreamListener() {
            @Override
            public void data(ByteBuf chunk) {
                text.append(chunk.toString(StandardCharsets.UTF_8));
                chunk.release();
            }

            @Override
            public void inputEnded() {}

            @Override
            public void failed(H2Code code, ReasonCode reason) {}

            @Override
            public void writable() {}
        });
        stream.write(Unpooled.copiedBuffer("hansa", StandardCharsets.UTF_8));
        settle(client, server);
        assertThat(text).hasToString("hansa");
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }
}
