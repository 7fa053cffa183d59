/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The application: a small HTTP server in a process of its own that knows nothing of Hanse. {@code GET /} says whose it
 * is; {@code GET /stream} says so again and again for as long as the connection lasts.
 */
public final class Backend {

    private static final Duration BEAT = Duration.ofMillis(200);

    private Backend() {}

    /** Arguments: address, port, cluster. Ends when its standard input does, that is, when the demo ends. */
    public static void main(String[] arguments) throws IOException {
        String greeting = greeting(arguments[2]);
        Pace pace = Pace.ofSystem();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1])), 0);
        server.setExecutor(pace.eachBeside());
        server.createContext("/", exchange -> answer(exchange, greeting));
        server.createContext("/stream", exchange -> stream(exchange, greeting, pace));
        server.start();
        while (System.in.read() >= 0) {
            // Nobody writes to it; only its end says something.
        }
        server.stop(0);
    }

    /** What the server of a cluster answers. */
    static String greeting(String cluster) {
        return "api-server of " + cluster;
    }

    private static void answer(HttpExchange exchange, String greeting) throws IOException {
        byte[] body = (greeting + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static void stream(HttpExchange exchange, String greeting, Pace pace) throws IOException {
        byte[] line = (greeting + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                out.write(line);
                out.flush();
                pace.pause(BEAT);
            }
        }
    }
}
