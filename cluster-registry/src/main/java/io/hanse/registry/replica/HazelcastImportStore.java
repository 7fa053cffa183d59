/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The store on an embedded Hazelcast member. */
public final class HazelcastImportStore implements ImportStore {

    private static final String MAP = "hanse-imports";

    /** Ownership is looked at again without a hint, in case one was lost. */
    private static final Duration RECHECK = Duration.ofSeconds(5);

    /** Replicas of one machine try ports from the given one upward. */
    private static final int PORT_TRIES = 100;

    private static final int FIRST_PORT = 5701;

    private final ReplicaSettings settings;
    private final Scheduler scheduler;
    private final List<Consumer<TrustDomain>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> ownerListeners = new CopyOnWriteArrayList<>();
    private volatile Optional<Running> running = Optional.empty();

    private record Running(HazelcastInstance member, IMap<String, byte[]> map, Cancellable recheck) {}

    /** A store that holds nothing before {@link #start}. */
    public HazelcastImportStore(ReplicaSettings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** Starts the member; blocks until it has joined, a few seconds. */
    public void start() {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config(settings));
        IMap<String, byte[]> map = member.getMap(MAP);
        map.addEntryListener(new Entries(), false);
        member.getCluster().addMembershipListener(new Members());
        member.getPartitionService().addMigrationListener(new Migrations());
        running = Optional.of(new Running(member, map, scheduler.every(RECHECK, this::ownersChanged)));
    }

    /** A few changes a second need no thread for each core, and nobody reads Hazelcast's reports on its own health. */
    private static void few(Config config) {
        config.setProperty("hazelcast.io.input.thread.count", "1");
        config.setProperty("hazelcast.io.output.thread.count", "1");
        config.setProperty("hazelcast.io.balancer.interval.seconds", "0");
        config.setProperty("hazelcast.event.thread.count", "1");
        config.setProperty("hazelcast.operation.thread.count", "2");
        config.setProperty("hazelcast.operation.response.thread.count", "1");
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.setProperty("hazelcast.slow.operation.detector.enabled", "false");
    }

    private static Config config(ReplicaSettings settings) {
        Config config = new Config();
        config.setClusterName("hanse-" + settings.trustDomain() + "-" + settings.cluster());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.socket.client.bind.any", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        // A dead member's peers move within the lease (30 s).
        config.setProperty("hazelcast.heartbeat.interval.seconds", "2");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        few(config);
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getMapConfig(MAP).setBackupCount(1).setReadBackupData(true);
        network(config.getNetworkConfig(), settings);
        return config;
    }

    private static void network(NetworkConfig network, ReplicaSettings settings) {
        HostPort listen = settings.listen().orElse(new HostPort("127.0.0.1", FIRST_PORT));
        boolean alone = settings.replicas().isEmpty();
        network.setPort(listen.port());
        network.setPortAutoIncrement(alone);
        network.setPortCount(PORT_TRIES);
        network.setPublicAddress(null);
        network.getInterfaces().setEnabled(true).addInterface(listen.host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(!alone);
        settings.replicas().forEach(replica -> join.getTcpIpConfig().addMember(replica.toString()));
    }

    @Override
    public void put(TrustDomain peer, byte[] told) {
        running().map().set(peer.name(), told);
    }

    @Override
    public void remove(TrustDomain peer) {
        running().map().delete(peer.name());
    }

    @Override
    public Optional<byte[]> get(TrustDomain peer) {
        return Optional.ofNullable(running().map().get(peer.name()));
    }

    @Override
    public List<TrustDomain> peers() {
        return running().map().keySet().stream().map(TrustDomain::new).sorted().toList();
    }

    @Override
    public boolean owns(TrustDomain peer) {
        Member owner = running()
                .member()
                .getPartitionService()
                .getPartition(peer.name())
                .getOwner();
        return owner != null && owner.localMember();
    }

    @Override
    public List<String> members() {
        return running().member().getCluster().getMembers().stream()
                .map(each -> new HostPort(
                                each.getAddress().getHost(), each.getAddress().getPort())
                        .toString())
                .sorted()
                .toList();
    }

    @Override
    public void onChange(Consumer<TrustDomain> listener) {
        listeners.add(listener);
    }

    @Override
    public void onOwnersChange(Runnable listener) {
        ownerListeners.add(listener);
    }

    @Override
    public void close() {
        running.ifPresent(now -> {
            now.recheck().cancel();
            now.member().shutdown();
        });
    }

    /** Vanishes without a word, as a killed process does; for tests of what the others then do. */
    void kill() {
        running().recheck().cancel();
        running().member().getLifecycleService().terminate();
    }

    private Running running() {
        return running.orElseThrow(() -> new IllegalStateException("the store is used before its start"));
    }

    private void changed(String key) {
        scheduler.now(() -> listeners.forEach(listener -> listener.accept(new TrustDomain(key))));
    }

    private void ownersChanged() {
        ownerListeners.forEach(Runnable::run);
    }

    private void ownersChangedSoon() {
        scheduler.now(this::ownersChanged);
    }

    private final class Entries
            implements EntryAddedListener<String, byte[]>,
                    EntryUpdatedListener<String, byte[]>,
                    EntryRemovedListener<String, byte[]> {

        @Override
        public void entryAdded(EntryEvent<String, byte[]> event) {
            changed(event.getKey());
        }

        @Override
        public void entryUpdated(EntryEvent<String, byte[]> event) {
            changed(event.getKey());
        }

        @Override
        public void entryRemoved(EntryEvent<String, byte[]> event) {
            changed(event.getKey());
        }
    }

    private final class Members implements MembershipListener {

        @Override
        public void memberAdded(MembershipEvent event) {
            ownersChangedSoon();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            ownersChangedSoon();
        }
    }

    private final class Migrations implements MigrationListener {

        @Override
        public void migrationStarted(MigrationState state) {
            // Nothing has moved yet.
        }

        @Override
        public void migrationFinished(MigrationState state) {
            ownersChangedSoon();
        }

        @Override
        public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
            // Told once for all of them above.
        }

        @Override
        public void replicaMigrationFailed(ReplicaMigrationEvent event) {
            // Hazelcast tries again; the recheck sees the outcome.
        }
    }
}
