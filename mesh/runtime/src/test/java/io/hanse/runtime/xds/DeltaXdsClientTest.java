/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.hanse.model.testing.Until;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.Node;
import io.hanse.wire.xds.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protocol against a real server over real TLS; only the waits between streams are ours. */
class DeltaXdsClientTest {

    private static final String FRUIT = "type.googleapis.com/test.Fruit";
    private static final String STONE = "type.googleapis.com/test.Stone";
    private static final int MANY = 2_000;

    private final ManualScheduler scheduler = new ManualScheduler(new ManualClock(Instant.EPOCH));
    private final FakeRegistry registry = new FakeRegistry();
    private final Sink fruit = new Sink(FRUIT);
    private final Sink stone = new Sink(STONE);
    private final AtomicInteger synced = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final DeltaXdsClient client = new DeltaXdsClient(
            registry::channel,
            Node.newBuilder().setId("test").build(),
            List.of(fruit, stone),
            scheduler,
            new DeltaXdsClient.Listener() {
                @Override
                public void onSynced() {
                    synced.incrementAndGet();
                }

                @Override
                public void onBroken(Throwable why) {
                    broken.incrementAndGet();
                }
            });

    DeltaXdsClientTest() throws Exception {}

    /** Holds names and versions; refuses names that begin with {@code bad}. */
    private static final class Sink implements ResourceSink {
        private final String typeUrl;
        private final Map<String, String> held = new ConcurrentSkipListMap<>();
        private final AtomicInteger messages = new AtomicInteger();

        Sink(String typeUrl) {
            this.typeUrl = typeUrl;
        }

        @Override
        public String typeUrl() {
            return typeUrl;
        }

        @Override
        public Map<String, String> versions() {
            return new TreeMap<>(held);
        }

        @Override
        public List<Rejection> apply(List<Resource> resources, List<String> removed) {
            messages.incrementAndGet();
            removed.forEach(held::remove);
            List<Rejection> rejections = new ArrayList<>();
            for (Resource resource : resources) {
                if (resource.getName().startsWith("bad")) {
                    rejections.add(new Rejection(resource.getName(), "it is rotten"));
                } else {
                    held.put(resource.getName(), resource.getVersion());
                }
            }
            return rejections;
        }
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private static Resource resource(String name, String version) {
        return Resource.newBuilder().setName(name).setVersion(version).build();
    }

    /** A stream whose two subscriptions were read. */
    private FakeRegistry.Session subscribed() throws Exception {
        FakeRegistry.Session session = registry.next();
        session.heard();
        session.heard();
        return session;
    }

    private FakeRegistry.Session started() throws Exception {
        client.start();
        return subscribed();
    }

    @Test
    void everyTypeIsSubscribedAsAWholeAndSyncedOnceAllAreAnswered() throws Exception {
        client.start();
        FakeRegistry.Session session = registry.next();
        List<DeltaDiscoveryRequest> first = List.of(session.heard(), session.heard());
        assertThat(first).extracting(DeltaDiscoveryRequest::getTypeUrl).containsExactly(FRUIT, STONE);
        assertThat(first).allSatisfy(request -> {
            assertThat(request.getNode().getId()).isEqualTo("test");
            assertThat(request.getResourceNamesSubscribeList()).isEmpty();
            assertThat(request.getInitialResourceVersionsMap()).isEmpty();
            assertThat(request.getResponseNonce()).isEmpty();
        });
        session.say(FRUIT, "1", List.of(), List.of());
        session.heard();
        assertThat(synced).hasValue(0);
        session.say(STONE, "2", List.of(), List.of());
        session.heard();
        Until.holds(() -> synced.get() == 1);
        session.say(STONE, "3", List.of(), List.of());
        session.heard();
        assertThat(synced).hasValue(1);
    }

    @Test
    void eachMessageIsAcknowledgedWithItsTypeAndNonce() throws Exception {
        FakeRegistry.Session session = started();
        session.say(FRUIT, "f-1", List.of(resource("apple", "1")), List.of());
        session.say(STONE, "s-1", List.of(resource("flint", "1")), List.of());
        session.say(FRUIT, "f-2", List.of(resource("apple", "2")), List.of());
        for (String nonce : List.of("f-1", "s-1", "f-2")) {
            DeltaDiscoveryRequest ack = session.heard();
            assertThat(ack.getResponseNonce()).isEqualTo(nonce);
            assertThat(ack.getTypeUrl()).isEqualTo(nonce.startsWith("f") ? FRUIT : STONE);
            assertThat(ack.hasErrorDetail()).isFalse();
        }
        assertThat(fruit.held).containsExactly(Map.entry("apple", "2"));
        assertThat(stone.held).containsExactly(Map.entry("flint", "1"));
    }

    @Test
    void aBadResourceIsRefusedByNameAndTheGoodOnesAreUsed() throws Exception {
        FakeRegistry.Session session = started();
        session.say(
                FRUIT,
                "1",
                List.of(resource("apple", "1"), resource("bad-plum", "1"), resource("fig", "1")),
                List.of());
        DeltaDiscoveryRequest nack = session.heard();
        assertThat(nack.getResponseNonce()).isEqualTo("1");
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("bad-plum: it is rotten");
        assertThat(fruit.held).containsOnlyKeys("apple", "fig");
        // The stream goes on, and the next good message is acknowledged.
        session.say(FRUIT, "2", List.of(resource("bad-plum", "2"), resource("pear", "1")), List.of("apple"));
        assertThat(session.heard().hasErrorDetail()).isTrue();
        session.say(FRUIT, "3", List.of(resource("plum", "2")), List.of());
        assertThat(session.heard().hasErrorDetail()).isFalse();
        assertThat(fruit.held).containsOnlyKeys("fig", "pear", "plum");
    }

    @Test
    void aRefusalOfThousandsIsCut() throws Exception {
        FakeRegistry.Session session = started();
        List<Resource> bad = IntStream.range(0, MANY)
                .mapToObj(i -> resource("bad-" + i, "1"))
                .toList();
        session.say(FRUIT, "1", bad, List.of());
        assertThat(session.heard().getErrorDetail().getMessage())
                .startsWith("bad-0: it is rotten; bad-1")
                .hasSize(4096);
    }

    @Test
    void aTypeNobodyAskedForIsRefused() throws Exception {
        FakeRegistry.Session session = started();
        session.say("type.googleapis.com/test.Gift", "g", List.of(resource("horse", "1")), List.of());
        DeltaDiscoveryRequest nack = session.heard();
        assertThat(nack.getTypeUrl()).isEqualTo("type.googleapis.com/test.Gift");
        assertThat(nack.getResponseNonce()).isEqualTo("g");
        assertThat(nack.getErrorDetail().getMessage()).contains("not subscribed");
        assertThat(synced).hasValue(0);
    }

    @Test
    void afterABreakTheHeldVersionsAreToldAndWhatIsGoneIsRemoved() throws Exception {
        FakeRegistry.Session session = started();
        session.say(
                FRUIT, "1", List.of(resource("apple", "1"), resource("fig", "7"), resource("bad-1", "1")), List.of());
        session.heard();
        session.end(Status.UNAVAILABLE);
        Until.holds(() -> broken.get() == 1);
        assertThat(fruit.held).containsOnlyKeys("apple", "fig");
        scheduler.advance(Duration.ofSeconds(1));
        FakeRegistry.Session again = registry.next();
        assertThat(again.heard().getInitialResourceVersionsMap()).isEqualTo(Map.of("apple", "1", "fig", "7"));
        assertThat(again.heard().getInitialResourceVersionsMap()).isEmpty();
        again.say(FRUIT, "1", List.of(resource("pear", "1")), List.of("fig", "never-held"));
        again.heard();
        assertThat(fruit.held).containsOnlyKeys("apple", "pear");
        again.say(STONE, "2", List.of(), List.of());
        Until.holds(() -> synced.get() == 1);
    }

    @Test
    void aStreamThatEndsHoweverIsOpenedAgainAfterAWaitThatGrows() throws Exception {
        client.start();
        List<Duration> waits = new ArrayList<>();
        for (int i = 1; i <= 14; i++) {
            FakeRegistry.Session session = subscribed();
            if (i % 2 == 0) {
                session.end(Status.PERMISSION_DENIED);
            } else {
                session.complete();
            }
            int ends = i;
            Until.holds(() -> broken.get() == ends);
            waits.add(scheduler.untilNext().orElseThrow());
            scheduler.advance(Duration.ofSeconds(15));
        }
        assertThat(waits.getFirst()).isLessThanOrEqualTo(Duration.ofMillis(10));
        assertThat(waits.getLast()).isBetween(Duration.ofMillis(7_500), Duration.ofSeconds(15));
        // One message, and it begins anew.
        FakeRegistry.Session session = subscribed();
        session.say(FRUIT, "1", List.of(), List.of());
        session.heard();
        session.end(Status.UNAVAILABLE);
        Until.holds(() -> broken.get() == 15);
        assertThat(scheduler.untilNext().orElseThrow()).isLessThanOrEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aClosedClientLeavesAndDoesNotComeBack() throws Exception {
        FakeRegistry.Session session = started();
        client.close();
        Until.done(session.left());
        scheduler.advance(Duration.ofMinutes(5));
        assertThat(registry.nobodyCame()).isTrue();
        assertThat(broken).hasValue(0);
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void aServerThatTalksAndDoesNotListenIsHeardNoFurtherThanOurAnswersReach() throws Exception {
        registry.stopListening();
        client.start();
        FakeRegistry.Session session = registry.next();
        // Every answer repeats the nonce: some hundred of these fill what may be under way.
        String longNonce = "n".repeat(8_000);
        for (int i = 0; i < MANY; i++) {
            session.say(FRUIT, longNonce, List.of(resource("apple", "v" + i)), List.of());
        }
        Until.holds(() -> fruit.messages.get() > 10);
        CountDownLatch never = new CountDownLatch(1);
        assertThat(never.await(1, TimeUnit.SECONDS)).isFalse();
        assertThat(fruit.messages.get()).isLessThan(MANY);
        // Nothing is lost: once it listens, all of it is taken and answered.
        session.listen(MANY + 2);
        Until.holds(() -> fruit.messages.get() == MANY);
        for (int i = 0; i < MANY + 2; i++) {
            session.heard();
        }
        assertThat(session.heardNothing()).isTrue();
        assertThat(fruit.held).containsExactly(Map.entry("apple", "v" + (MANY - 1)));
        assertThat(broken).hasValue(0);
    }
}
