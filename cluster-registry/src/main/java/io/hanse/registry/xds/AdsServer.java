/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.runtime.grpc.Caller;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DeltaAggregatedResources}: admits streams by verified identity and tells each what changed in its view.
 *
 * <p>Changes of the catalog are gathered for {@link #GATHER}, encoded once, and offered to every stream. A stream of a
 * peer ends the moment its relationship does.
 */
public final class AdsServer extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {

    /** 2,000 nodes, 500 peers, and both sides of a restart. */
    public static final int MAX_STREAMS = 5_000;

    /** Of one client identity: an old connection that is not yet known to be dead, and a few more. */
    static final int MAX_STREAMS_OF_A_CLIENT = 8;

    /** Of one of our own control-plane identities: every replica of the gateway bears the same. */
    static final int MAX_STREAMS_OF_A_ROLE = 32;

    /** Long enough to make one push of a burst of changes, short beside the network. */
    static final Duration GATHER = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(AdsServer.class);

    private final TrustDomain own;
    private final Catalog catalog;
    private final SnapshotEncoder encoder;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Duration heartbeat;
    private final Map<Long, AdsStream> streams = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicBoolean gathering = new AtomicBoolean();
    private final Object encoding = new Object();
    private final Cancellable ticks;
    private volatile Optional<Set<TrustDomain>> live = Optional.empty();
    private volatile Snapshot snapshot;

    /**
     * A server of what {@code catalog} holds.
     *
     * @param heartbeat a peer's stream is not silent for longer
     */
    public AdsServer(
            ClusterFacts facts, Catalog catalog, Scheduler scheduler, InstantSource clock, Duration heartbeat) {
        this.own = facts.trustDomain();
        this.catalog = catalog;
        this.encoder = new SnapshotEncoder(facts.network());
        this.scheduler = scheduler;
        this.clock = clock;
        this.heartbeat = heartbeat;
        this.snapshot = encoder.encode(catalog.current());
        catalog.onChange(this::catalogChanged);
        this.ticks = scheduler.every(heartbeat.dividedBy(3), this::tick);
    }

    /** The trust domains with a live relationship, whenever they change; streams of others end at once. */
    public synchronized void relationships(Set<TrustDomain> trustDomains) {
        Set<TrustDomain> now = Set.copyOf(trustDomains);
        live = Optional.of(now);
        streams.values().forEach(stream -> endUnlessLive(stream, now));
    }

    private static void endUnlessLive(AdsStream stream, Set<TrustDomain> trustDomains) {
        if (stream.subscriber() instanceof Subscriber.Peer peer && !trustDomains.contains(peer.trustDomain())) {
            stream.end(Status.PERMISSION_DENIED.withDescription(
                    "NOT_A_PEER: the relationship with %s has ended".formatted(peer.trustDomain())));
        }
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(StreamObserver<DeltaDiscoveryResponse> out) {
        return open(Caller.required(), (ServerCallStreamObserver<DeltaDiscoveryResponse>) out);
    }

    /**
     * A stream of a caller whose identity was proved; what makes the connection does not matter here.
     *
     * @throws io.grpc.StatusRuntimeException if the caller may not have one
     */
    public StreamObserver<DeltaDiscoveryRequest> open(
            SpiffeId caller, ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
        Subscriber subscriber = Subscriber.of(caller, own, live);
        if (subscriber instanceof Subscriber.Stranger stranger) {
            strangers.incrementAndGet();
            LOG.atWarn()
                    .addKeyValue(LogKeys.SPIFFE_ID, caller)
                    .addKeyValue(LogKeys.REASON, stranger.why())
                    .log("refused a stream");
            throw (stranger.retry() ? Status.UNAVAILABLE : Status.PERMISSION_DENIED)
                    .withDescription(stranger.why())
                    .asRuntimeException();
        }
        long ofClient = streams.values().stream()
                .filter(stream -> stream.client().equals(caller))
                .count();
        int most = isOwnRole(caller) ? MAX_STREAMS_OF_A_ROLE : MAX_STREAMS_OF_A_CLIENT;
        if (streams.size() >= MAX_STREAMS || ofClient >= most) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("LIMIT_EXCEEDED: %d streams in all and %d of one client are served"
                            .formatted(MAX_STREAMS, most))
                    .asRuntimeException();
        }
        AdsStream stream = new AdsStream(
                numbers.incrementAndGet(),
                caller,
                subscriber,
                out,
                () -> snapshot,
                clock,
                ended -> streams.remove(ended.number()));
        streams.put(stream.number(), stream);
        out.setOnCancelHandler(stream::gone);
        // The relationship may have ended between the look above and the entry into the table.
        live.ifPresent(now -> endUnlessLive(stream, now));
        return stream;
    }

    private boolean isOwnRole(SpiffeId caller) {
        return caller.trustDomain().equals(own)
                && List.of(SystemIdentity.values()).stream().anyMatch(role -> role.is(caller));
    }

    /** How every stream stands, in the order they began. */
    public List<StreamStatus> streams() {
        return streams.values().stream()
                .sorted(Comparator.comparingLong(AdsStream::number))
                .map(AdsStream::status)
                .toList();
    }

    /** Trust domains whose registries are connected. */
    public Set<TrustDomain> connectedPeers() {
        Set<TrustDomain> peers = new TreeSet<>();
        streams.values().forEach(stream -> {
            if (stream.subscriber() instanceof Subscriber.Peer peer) {
                peers.add(peer.trustDomain());
            }
        });
        return peers;
    }

    /** Streams open. */
    public int streamCount() {
        return streams.size();
    }

    /** Streams refused to strangers so far. */
    public long refusedStreams() {
        return strangers.get();
    }

    /** Ends every stream; clients keep what they have and come back. */
    public void close() {
        ticks.cancel();
        streams.values()
                .forEach(stream ->
                        stream.end(Status.UNAVAILABLE.withDescription("DRAINING: the registry is shutting down")));
    }

    private void catalogChanged() {
        if (gathering.compareAndSet(false, true)) {
            scheduler.after(GATHER, this::push);
        }
    }

    private void push() {
        gathering.set(false);
        synchronized (encoding) {
            snapshot = encoder.encode(catalog.current());
        }
        streams.values().forEach(AdsStream::refresh);
    }

    private void tick() {
        streams.values().forEach(stream -> stream.tick(heartbeat));
    }
}
