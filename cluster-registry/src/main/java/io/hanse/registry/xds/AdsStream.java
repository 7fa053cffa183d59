/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's stream. Its lock guards all it holds; sending under it hands bytes to gRPC and does not block. */
final class AdsStream implements StreamObserver<DeltaDiscoveryRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);

    /** A client that does not answer a response for so long is not reading; it may connect again. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** Of a client's own words about what it refused. */
    private static final int MAX_SHOWN_CHARACTERS = 500;

    /** Names and versions of 100,000 resources, some 90 characters each, asked for by name, too. */
    static final int MAX_CHARACTERS = 24 * 1024 * 1024;

    /** Names and versions of the 60,000 resources that are taken of a peer, some 90 characters each. */
    static final int MAX_CHARACTERS_OF_A_PEER = 6 * 1024 * 1024;

    private final long number;
    private final SpiffeId client;
    private final Subscriber subscriber;
    private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;
    private final Supplier<Snapshot> latest;
    private final InstantSource clock;
    private final Consumer<AdsStream> ended;
    private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
    private final Instant since;
    private Instant lastSent;
    private Instant lastHeard;
    private Optional<StreamStatus.Nack> lastNack = Optional.empty();
    private String node = "";
    private long nonces;
    private boolean over;

    AdsStream(
            long number,
            SpiffeId client,
            Subscriber subscriber,
            ServerCallStreamObserver<DeltaDiscoveryResponse> out,
            Supplier<Snapshot> latest,
            InstantSource clock,
            Consumer<AdsStream> ended) {
        this.number = number;
        this.client = client;
        this.subscriber = subscriber;
        this.out = out;
        this.latest = latest;
        this.clock = clock;
        this.ended = ended;
        this.since = clock.instant();
        this.lastSent = since;
        this.lastHeard = since;
    }

    long number() {
        return number;
    }

    SpiffeId client() {
        return client;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    @Override
    public synchronized void onNext(DeltaDiscoveryRequest request) {
        if (over) {
            return;
        }
        lastHeard = clock.instant();
        if (request.hasNode() && node.isEmpty()) {
            node = shown(request.getNode().getId());
        }
        Optional<ResourceType> known = ResourceType.of(request.getTypeUrl());
        if (known.isEmpty()) {
            end(Status.INVALID_ARGUMENT.withDescription(
                    "BAD_REQUEST: type %s is not served".formatted(shown(request.getTypeUrl()))));
            return;
        }
        ResourceType type = known.get();
        Subscription subscription = subscriptions.get(type);
        if (subscription == null) {
            subscription = new Subscription(type, request);
            subscriptions.put(type, subscription);
        } else {
            subscription.subscribe(request);
            if (subscription.answeredBy(request) && request.hasErrorDetail()) {
                refused(type, request);
            }
        }
        if (subscription.isExcessive() || isTalkative()) {
            end(Status.RESOURCE_EXHAUSTED.withDescription(
                    "LIMIT_EXCEEDED: more than %d names, one longer than %d characters, or more than %d in all"
                            .formatted(Subscription.MAX_NAMES, Subscription.MAX_NAME_CHARACTERS, mostCharacters())));
            return;
        }
        sendWhatIsDue();
    }

    private boolean isTalkative() {
        return subscriptions.values().stream()
                        .mapToLong(Subscription::characters)
                        .sum()
                > mostCharacters();
    }

    private int mostCharacters() {
        return subscriber instanceof Subscriber.Peer ? MAX_CHARACTERS_OF_A_PEER : MAX_CHARACTERS;
    }

    /** The catalog changed. */
    synchronized void refresh() {
        if (!over) {
            sendWhatIsDue();
        }
    }

    /** Shows a quiet peer that this registry lives, and gives up a client that does not answer. */
    synchronized void tick(Duration quiet) {
        if (over) {
            return;
        }
        Instant now = clock.instant();
        boolean waiting = subscriptions.values().stream().anyMatch(Subscription::isAwaitingAnswer);
        if (waiting && now.isAfter(lastSent.plus(ANSWER_TIMEOUT))) {
            end(Status.DEADLINE_EXCEEDED.withDescription("IDLE_TIMEOUT: a response was not answered"));
        } else if (subscriber instanceof Subscriber.Peer && !now.isBefore(lastSent.plus(quiet))) {
            Subscription addresses = subscriptions.get(ResourceType.ADDRESS);
            if (addresses != null) {
                addresses.heartbeat(latest.get().version(), nonce()).ifPresent(this::write);
            }
        }
    }

    /** Ends it from this side. */
    synchronized void end(Status status) {
        if (over) {
            return;
        }
        over = true;
        try {
            out.onError(status.asRuntimeException());
        } catch (IllegalStateException | StatusRuntimeException e) {
            LOG.atDebug().addKeyValue(LogKeys.REASON, e.getMessage()).log("stream was over already");
        }
        ended.accept(this);
    }

    /** The client ended it, or the connection broke. */
    synchronized void gone() {
        if (!over) {
            over = true;
            ended.accept(this);
        }
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public synchronized void onCompleted() {
        if (!over) {
            over = true;
            out.onCompleted();
            ended.accept(this);
        }
    }

    /**
     * A policy comes before the workloads that name it and goes after them: a workload whose policy is missing refuses
     * everybody, so the wrong order would refuse callers for a moment.
     */
    private void sendWhatIsDue() {
        Snapshot snapshot = latest.get();
        Subscription policies = subscriptions.get(ResourceType.AUTHORIZATION);
        Subscription addresses = subscriptions.get(ResourceType.ADDRESS);
        ResourceView policyView = snapshot.view(subscriber, ResourceType.AUTHORIZATION);
        ResourceView addressView = snapshot.view(subscriber, ResourceType.ADDRESS);
        if (policies != null) {
            // Whoever asks for both asks for policies first; the first answer is before the other question is read.
            boolean mayForget = addresses == null ? policies.isAnswered() : addresses.isUpToDate(addressView);
            policies.next(policyView, snapshot.version(), nonce(), mayForget).ifPresent(this::write);
        }
        if (addresses != null && (policies == null || policies.hasTold(policyView))) {
            addresses.next(addressView, snapshot.version(), nonce(), true).ifPresent(this::write);
        }
    }

    private void write(DeltaDiscoveryResponse response) {
        try {
            out.onNext(response);
            lastSent = clock.instant();
        } catch (IllegalStateException | StatusRuntimeException e) {
            LOG.atDebug().addKeyValue(LogKeys.REASON, e.getMessage()).log("stream ended while a response was sent");
            gone();
        }
    }

    private String nonce() {
        return number + "-" + ++nonces;
    }

    private void refused(ResourceType type, DeltaDiscoveryRequest request) {
        String message = shown(request.getErrorDetail().getMessage());
        lastNack = Optional.of(new StreamStatus.Nack(type, request.getResponseNonce(), message, clock.instant()));
        LOG.atWarn()
                .addKeyValue(LogKeys.SPIFFE_ID, client)
                .addKeyValue("type", type)
                .addKeyValue(LogKeys.REASON, message)
                .log("client refused a response");
    }

    private static String shown(String text) {
        String cut = text.substring(0, Math.min(text.length(), MAX_SHOWN_CHARACTERS));
        StringBuilder clean = new StringBuilder(cut.length());
        cut.chars().forEach(c -> clean.append(c < 0x20 || c == 0x7f ? ' ' : (char) c));
        return clean.toString();
    }

    synchronized StreamStatus status() {
        Map<ResourceType, StreamStatus.Counts> counts = new EnumMap<>(ResourceType.class);
        subscriptions.forEach(
                (type, s) -> counts.put(type, new StreamStatus.Counts(s.held(), s.sent(), s.accepted(), s.refused())));
        return new StreamStatus(client, subscriber, node, since, lastSent, lastHeard, counts, lastNack);
    }
}
