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
import java.nio.charset.StandardCharsets;
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

    private static void await(Semaphore hint, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 300 && !condition.getAsBoolean(); i++) {
            boolean hinted = hint.tryAcquire(100, TimeUnit.MILLISECONDS);
            assertThat(hinted || i < 300).isTrue();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aloneItHoldsEntriesAndListensOnLoopbackOnly() throws Exception {
        Set<String> before = Sockets.listening();
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
            Set<String> opened = Sockets.listening();
            opened.removeAll(before);
            assertThat(opened).isNotEmpty().allMatch(Sockets::isLoopback);
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
        HostPort first = Sockets.free();
        HostPort second = Sockets.free();
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
