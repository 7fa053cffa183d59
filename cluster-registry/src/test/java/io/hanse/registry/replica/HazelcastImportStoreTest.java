/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.time.SystemScheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class HazelcastImportStoreTest {

    private static final TrustDomain OWN = new TrustDomain("lubeck.example");
    private static final TrustDomain PEER = new TrustDomain("bergen.example");

    private static ReplicaSettings settings(Optional<HostPort> listen, List<HostPort> replicas) {
        return new ReplicaSettings(new ClusterName("lubeck"), OWN, listen, replicas);
    }

    /** Local addresses (hex, as the kernel writes them) of this machine's listening TCP sockets, with ports. */
    private static Set<String> listening() throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                List<String> columns = List.of(line.strip().split("\\s+"));
                if (columns.size() > 9 && columns.get(3).equals("0A") && ours().contains(columns.get(9))) {
                    sockets.add(columns.get(1));
                }
            }
        }
        return sockets;
    }

    /** Inodes of the sockets of this process: other tests of this machine listen too. */
    private static Set<String> ours() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = descriptor.toFile().getCanonicalFile().getName();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    private static boolean isLoopback(String socket) {
        return socket.matches("[0-9A-F]{6}7F:[0-9A-F]{4}")
                || socket.startsWith("0000000000000000FFFF0000")
                        && socket.substring(30, 32).equals("7F")
                || socket.startsWith("00000000000000000000000001000000:");
    }

    private static HostPort free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }

    private static void await(Semaphore hint, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 300 && !condition.getAsBoolean(); i++) {
            boolean hinted = hint.tryAcquire(100, TimeUnit.MILLISECONDS);
            assertThat(hinted || i < 300).isTrue();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aloneItHoldsEntriesAndListensOnLoopbackOnly() throws Exception {
        Set<String> before = listening();
        try (SystemScheduler scheduler = new SystemScheduler();
                HazelcastImportStore store =
                        new HazelcastImportStore(settings(Optional.empty(), List.of()), scheduler)) {
            CountDownLatch changed = new CountDownLatch(1);
            store.onChange(peer -> {
                if (peer.equals(PEER)) {
                    changed.countDown();
                }
            });
            store.start();
            Set<String> opened = listening();
            opened.removeAll(before);
            assertThat(opened).allMatch(HazelcastImportStoreTest::isLoopback);
            assertThat(store.members()).hasSize(1);
            assertThat(store.owns(PEER)).isTrue();
            store.put(PEER, "told".getBytes(StandardCharsets.UTF_8));
            assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(store.get(PEER))
                    .hasValueSatisfying(told -> assertThat(told).hasSize(4));
            assertThat(store.peers()).containsExactly(PEER);
            store.remove(PEER);
            assertThat(store.get(PEER)).isEmpty();
        }
    }

    @Test
    void twoLoneMembersOfOneClusterNameDoNotFindEachOther() {
        try (SystemScheduler scheduler = new SystemScheduler();
                HazelcastImportStore one = new HazelcastImportStore(settings(Optional.empty(), List.of()), scheduler);
                HazelcastImportStore other =
                        new HazelcastImportStore(settings(Optional.empty(), List.of()), scheduler)) {
            one.start();
            other.start();
            assertThat(one.members()).hasSize(1);
            assertThat(other.members()).hasSize(1);
        }
    }

    @Test
    void aPeerHasOneOwnerAndMovesWhenItIsKilled() throws Exception {
        HostPort first = free();
        HostPort second = free();
        List<HostPort> replicas = List.of(first, second);
        Semaphore hint = new Semaphore(0);
        try (SystemScheduler scheduler = new SystemScheduler();
                HazelcastImportStore one = new HazelcastImportStore(settings(Optional.of(first), replicas), scheduler);
                HazelcastImportStore two =
                        new HazelcastImportStore(settings(Optional.of(second), replicas), scheduler)) {
            one.onOwnersChange(hint::release);
            two.onOwnersChange(hint::release);
            one.start();
            two.start();
            await(hint, () -> one.members().size() == 2 && two.members().size() == 2);
            await(hint, () -> one.owns(PEER) != two.owns(PEER));
            HazelcastImportStore owner = one.owns(PEER) ? one : two;
            HazelcastImportStore other = one.owns(PEER) ? two : one;
            owner.put(PEER, "told".getBytes(StandardCharsets.UTF_8));
            assertThat(other.get(PEER)).isPresent();
            owner.kill();
            await(hint, () -> other.owns(PEER));
            assertThat(other.get(PEER)).isPresent();
        }
    }
}
