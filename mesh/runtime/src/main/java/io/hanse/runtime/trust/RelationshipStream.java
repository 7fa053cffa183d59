/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.KeptStream;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
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
 *
 * <p>The receiver is called by one thread at a time.
 */
public final class RelationshipStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RelationshipStream.class);

    /** Design: 500 clusters. */
    static final int MAX_RELATIONSHIPS = 1_000;

    /** 8 MiB: a thousand with sixteen gateways each, and names as long as names may be. */
    private static final int MAX_BYTES = 8 << 20;

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /** A peer that leaves or comes must not wait longer than this for a stream that is down. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final TrustDomain own;
    private final Path file;
    private final Consumer<List<Relationship>> receiver;
    private final KeptStream<WatchRequest, WatchResponse> stream;
    private volatile boolean connected;

    /**
     * A stream not yet opened.
     *
     * @param exchange where trust-bundle-exchange streams
     * @param file keeps the last list
     * @param receiver of all live relationships on each change
     */
    public RelationshipStream(
            HostPort exchange,
            TrustDomain own,
            MeshIdentity identity,
            Path file,
            Scheduler scheduler,
            Consumer<List<Relationship>> receiver) {
        this.own = own;
        this.file = file;
        this.receiver = receiver;
        this.stream = new KeptStream<>(
                RelationshipsGrpc.getWatchMethod(),
                WatchRequest.getDefaultInstance(),
                () -> GrpcChannels.to(exchange, identity, SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(own))
                        .maxInboundBytes(MAX_BYTES)
                        .open(),
                scheduler,
                Backoff.between(FIRST_RETRY, LONGEST_RETRY),
                new Listener());
    }

    /** The stream of a process of this cluster, at its usual places. */
    public static RelationshipStream of(
            ProcessContext context, MeshIdentity identity, Consumer<List<Relationship>> receiver) {
        return new RelationshipStream(
                context.cluster().ports().exchange(),
                context.cluster().trustDomain(),
                identity,
                context.stateDirectory().resolve("relationships.bin"),
                context.scheduler(),
                receiver);
    }

    /** Tells the kept list, if there is one. */
    public void readKept() {
        try {
            Optional<byte[]> kept = SealedFile.readIfPresent(file, MAX_BYTES);
            if (kept.isPresent()) {
                receiver.accept(read(WatchResponse.parseFrom(kept.get())));
            }
        } catch (StateException | InvalidProtocolBufferException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.PATH, file)
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("kept relationships cannot be read and are ignored");
        }
    }

    /** Opens the stream; call it once there is an SVID to show. */
    public void start() {
        stream.start();
    }

    /** Whether the exchange streams at this moment. */
    public boolean connected() {
        return connected;
    }

    @Override
    public void close() {
        stream.close();
    }

    private final class Listener implements KeptStream.Listener<WatchResponse> {
        @Override
        public void onMessage(WatchResponse message) {
            connected = true;
            receiver.accept(read(message));
            try {
                SealedFile.write(file, message.toByteArray());
            } catch (StateException e) {
                LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("the relationships cannot be kept");
            }
        }

        @Override
        public void onBroken(Throwable why) {
            connected = false;
        }
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
