/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Scheduler;
import io.hanse.wire.exchange.RelationshipsGrpc;
import io.hanse.wire.exchange.WatchRequest;
import io.hanse.wire.exchange.WatchResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live relationships, as trust-bundle-exchange says them. While the exchange is away the last list stands, also over a
 * restart of this process: what a peer may do without trust is decided by the bundles, and those are the exchange's too.
 */
public final class RelationshipWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RelationshipWatch.class);

    /** Design: 500 clusters. */
    static final int MAX_RELATIONSHIPS = 1_000;

    /** A thousand of a few hundred bytes. */
    private static final int MAX_BYTES = 1 << 20;

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final HostPort exchange;
    private final TrustDomain own;
    private final MeshIdentity identity;
    private final Path file;
    private final Scheduler scheduler;
    private final Consumer<List<Relationship>> receiver;
    private final Backoff backoff = Backoff.between(FIRST_WAIT, LONGEST_WAIT);
    private Optional<ManagedChannel> channel = Optional.empty();
    private long attempts;
    private boolean connected;
    private boolean closed;

    /**
     * A watch not yet started.
     *
     * @param exchange where trust-bundle-exchange streams
     * @param file keeps the last list
     * @param receiver of all live relationships on each change; called by one thread at a time
     */
    public RelationshipWatch(
            HostPort exchange,
            TrustDomain own,
            MeshIdentity identity,
            Path file,
            Scheduler scheduler,
            Consumer<List<Relationship>> receiver) {
        this.exchange = exchange;
        this.own = own;
        this.identity = identity;
        this.file = file;
        this.scheduler = scheduler;
        this.receiver = receiver;
    }

    /** Tells the kept list, if there is one. */
    public synchronized void start() {
        try {
            Optional<byte[]> kept = DurableFile.readIfPresent(file, MAX_BYTES);
            if (kept.isPresent()) {
                receiver.accept(read(WatchResponse.parseFrom(kept.get())));
            }
        } catch (StateException | InvalidProtocolBufferException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("the kept relationships are not readable");
        }
    }

    /** Begins to watch; call it once there is an SVID to show. */
    public void connect() {
        open();
    }

    /** Whether the exchange streams at this moment. */
    public synchronized boolean connected() {
        return connected;
    }

    /** Ends watching. */
    public synchronized void close() {
        closed = true;
        channel.ifPresent(ManagedChannel::shutdownNow);
    }

    private synchronized void open() {
        if (closed) {
            return;
        }
        ManagedChannel opened = GrpcChannels.to(exchange, identity, SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(own))
                .maxInboundBytes(MAX_BYTES)
                .open();
        channel = Optional.of(opened);
        long attempt = ++attempts;
        RelationshipsGrpc.newStub(opened).watch(WatchRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                received(attempt, response);
            }

            @Override
            public void onError(Throwable failure) {
                ended(attempt, GrpcFailures.describe(failure));
            }

            @Override
            public void onCompleted() {
                ended(attempt, "the exchange closed the stream");
            }
        });
    }

    private synchronized void received(long attempt, WatchResponse response) {
        if (closed || attempts != attempt) {
            return;
        }
        connected = true;
        backoff.reset();
        receiver.accept(read(response));
        try {
            DurableFile.write(file, response.toByteArray());
        } catch (StateException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("the relationships cannot be kept");
        }
    }

    private synchronized void ended(long attempt, String why) {
        if (closed || attempts != attempt) {
            return;
        }
        connected = false;
        channel.ifPresent(ManagedChannel::shutdownNow);
        channel = Optional.empty();
        scheduler.after(backoff.next(), this::open);
        LOG.atInfo().addKeyValue(LogKeys.REASON, why).log("lost trust-bundle-exchange, the last relationships stand");
    }

    /** What is not usable is left out: one odd peer must not cost the others. */
    private List<Relationship> read(WatchResponse response) {
        List<Relationship> relationships = new ArrayList<>();
        for (var told : response.getRelationshipsList().stream()
                .limit(MAX_RELATIONSHIPS)
                .toList()) {
            try {
                TrustDomain trustDomain = new TrustDomain(told.getTrustDomain());
                List<HostPort> gateways =
                        told.getGatewaysList().stream().map(HostPort::parse).toList();
                if (!trustDomain.equals(own)) {
                    relationships.add(new Relationship(trustDomain, new ClusterName(told.getCluster()), gateways));
                }
            } catch (IllegalArgumentException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.PEER, told.getTrustDomain())
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("a relationship is not usable");
            }
        }
        return relationships;
    }
}
