/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.directory;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A /24 of 127.0.0.0/8 for one cluster on this machine, so that several clusters keep the default ports and never meet.
 *
 * @param second the second byte, 1 to 254
 * @param third the third byte, 1 to 254
 */
public record Loopback(int second, int third) {

    /** The last byte of the control plane's address. */
    public static final int CONTROL_PLANE = 1;
    /** The last byte of the gateway's address. */
    public static final int GATEWAY = 2;
    /** The last byte of the node's own address. */
    public static final int NODE = 3;
    /** Workloads get last bytes from here. */
    public static final int FIRST_WORKLOAD = 11;

    /** The ports whose being free says that nobody uses the range: bundle endpoint, HBONE, and the control plane's. */
    private static final List<Integer> PORTS = List.of(8443, 15008, 15012, 15013, 15014, 15020);

    private static final int RANGES = 254 * 254;

    /** Enough to pass by every cluster one machine could carry. */
    private static final int MAX_TRIES = 512;

    public Loopback {
        if (second < 1 || second > 254 || third < 1 || third > 254) {
            throw new IllegalArgumentException("loopback range: 127.%d.%d.0/24".formatted(second, third));
        }
    }

    /** The first free range from a place that depends on {@code seed}: the same folder tends to get the same range. */
    public static Loopback free(String seed) {
        return from(Math.floorMod(seed.hashCode() * 31, RANGES));
    }

    private static Loopback from(int start) {
        return IntStream.range(0, MAX_TRIES)
                .map(i -> (start + i) % RANGES)
                .mapToObj(i -> new Loopback(1 + i / 254, 1 + i % 254))
                .filter(Loopback::isFree)
                .findFirst()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.UNREACHABLE,
                        "no free loopback range: tried %d /24 of 127.0.0.0/8".formatted(MAX_TRIES),
                        "Every cluster on one machine needs addresses of its own.",
                        "on macOS add addresses with ifconfig lo0 alias, or give --address"));
    }

    /** The free range after this one. */
    public Loopback next() {
        return from((second - 1) * 254 + third);
    }

    /** {@code 127.second.third.last}. */
    public String address(int last) {
        return "127.%d.%d.%d".formatted(second, third, last);
    }

    private boolean isFree() {
        return IntStream.of(CONTROL_PLANE, GATEWAY, NODE, FIRST_WORKLOAD)
                .allMatch(last -> PORTS.stream().allMatch(port -> canBind(address(last), port)));
    }

    private static boolean canBind(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(literal(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress literal(String address) {
        return InetAddress.ofLiteral(address);
    }
}
