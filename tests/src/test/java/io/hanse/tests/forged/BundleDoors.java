/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.fetch.PollSchedule;
import io.hanse.exchange.fetch.PollStatus;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.tests.forged.BundleForgeries.Answer;
import io.hanse.tests.forged.BundleForgeries.Served;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidKeyManager;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** Where bundle documents of peers are read. */
final class BundleDoors {

    private static final SpiffeId ENDPOINT = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(ServerDoors.VISBY);

    private BundleDoors() {}

    /** A genuine endpoint of visby that answers as it is told. */
    private static final class Endpoint implements AutoCloseable {
        final TestAuthority visby = TestAuthority.of(ServerDoors.VISBY.name());
        final AtomicReference<Served> answer = new AtomicReference<>(Served.document(""));
        final HttpServer server;

        Endpoint(Vertx vertx) throws MalformedSvid {
            TestSvid svid = visby.svid(ENDPOINT);
            X509Svid shown = X509Svid.of(svid.chain(), svid.key());
            server = vertx.createHttpServer(new HttpServerOptions()
                            .setSsl(true)
                            .setSni(false)
                            .setKeyCertOptions(KeyCertOptions.wrap(new SvidKeyManager(new SvidCell(shown)))))
                    .requestHandler(request -> {
                        Served now = answer.get();
                        now.location().ifPresent(to -> request.response().putHeader("Location", to));
                        request.response().setStatusCode(now.status()).end(Buffer.buffer(now.body()));
                    });
            server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }

        TrustBundle held() {
            TrustBundle bundle = visby.bundle();
            return new TrustBundle(
                    bundle.trustDomain(),
                    bundle.x509Authorities(),
                    bundle.jwtAuthorities(),
                    OptionalLong.of(BundleForgeries.HELD),
                    bundle.refreshHint());
        }

        @Override
        public void close() {
            server.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** trust-bundle-exchange: polls a peer. The status names the reason, and the last good bundle stays. */
    static Door<Answer> polling(Path directory, Vertx vertx) throws Exception {
        Endpoint endpoint = new Endpoint(vertx);
        StateStore store = ServerDoors.store(directory, ServerDoors.LUBECK);
        // Nothing is polled but on demand.
        ManualScheduler scheduler = new ManualScheduler(new ManualClock(ServerDoors.CLOCK.instant()));
        PeerPolling polling = new PeerPolling(
                store,
                new BundleFetcher(
                        new Doorway(new HttpsCaller(vertx), Ticker.system()),
                        new SvidVerifier(ServerDoors.CLOCK),
                        new TrustView(store),
                        Until.PATIENCE),
                new PollSchedule(Duration.ofHours(1)),
                scheduler,
                ServerDoors.CLOCK,
                new Random(7),
                new SimpleMeterRegistry());
        Relationship relationship = new Relationship(
                ServerDoors.VISBY,
                Optional.empty(),
                List.of(),
                URI.create("https://127.0.0.1:%d/".formatted(endpoint.server.actualPort())),
                new Profile.HttpsSpiffe(ENDPOINT),
                Relationship.State.ESTABLISHED,
                ServerDoors.CLOCK.instant());
        return TokenDoors.door(
                "polling",
                artefact -> {
                    TrustBundle held = endpoint.held();
                    store.change(
                            state -> state.with(relationship).with(new PeerBundle(held, ServerDoors.CLOCK.instant())));
                    endpoint.answer.set(artefact.apply(endpoint.visby));
                    PollStatus status = polling.refresh(ServerDoors.VISBY).orElseThrow();
                    Optional<ReasonCode> problem = status.problem().map(PollStatus.Problem::code);
                    if (problem.isPresent()
                            && !store.current()
                                    .bundleMap()
                                    .of(ServerDoors.VISBY)
                                    .equals(Optional.of(held))) {
                        throw new AssertionError("the last good bundle went");
                    }
                    return problem.orElse(ReasonCode.OK);
                },
                () -> {
                    polling.close();
                    endpoint.close();
                });
    }

    /** trust-bundle-exchange: accepts an invitation whose hash fits the document. */
    static Door<Answer> invited(LiveExchange exchange, Vertx vertx) throws Exception {
        Endpoint endpoint = new Endpoint(vertx);
        Door<Answer> door = TokenDoors.door(
                "accept, the inviter's bundle",
                artefact -> {
                    exchange.alone();
                    Served served = artefact.apply(endpoint.visby);
                    endpoint.answer.set(served);
                    String text = InvitationForgeries.textOf(
                            ServerDoors.VISBY,
                            endpoint.server.actualPort(),
                            Body.of(served.body()).sha256());
                    // A genuine document leads on to the inviter's answer, which is the document again.
                    Outcome<?> outcome = exchange.accepting.accept(text);
                    boolean refused = outcome instanceof Outcome.Refused<?>;
                    if (refused
                            && exchange.store
                                    .current()
                                    .bundleMap()
                                    .of(ServerDoors.VISBY)
                                    .isPresent()) {
                        throw new AssertionError("refused, yet trusted");
                    }
                    return outcome instanceof Outcome.Refused<?> no ? no.reason() : ReasonCode.OK;
                },
                endpoint);
        return limited(
                door,
                forgery -> forgery.expected() != ReasonCode.ENDPOINT_REDIRECTED
                        && forgery.expected() != ReasonCode.BUNDLE_ROLLED_BACK);
    }

    /** trust-bundle-exchange: the bundle in a request to connect. It stands inside a document that must be JSON itself. */
    static Door<Answer> acceptor(LiveExchange exchange) {
        TestAuthority visby = TestAuthority.of(ServerDoors.VISBY.name());
        Door<Answer> door = TokenDoors.door(
                "accept, the acceptor's bundle",
                artefact -> {
                    exchange.alone();
                    InvitationForgeries.Seen seen = InvitationForgeries.Seen.of(exchange.invite());
                    ObjectNode request = seen.request(ServerDoors.VISBY, visby);
                    String body = request.toString()
                            .replace(
                                    request.path("bundle").toString(),
                                    artefact.apply(visby).body());
                    return exchange.accept(seen.proof(body), Body.of(body));
                },
                () -> {});
        return limited(door, forgery -> switch (forgery.expected()) {
            case BUNDLE_MALFORMED, BUNDLE_MEMBER_REPEATED, BUNDLE_ROLLED_BACK, ENDPOINT_REDIRECTED -> false;
            case BUNDLE_TOO_LARGE -> forgery.name().equals("deeper than any");
            default -> true;
        });
    }

    private static Door<Answer> limited(Door<Answer> door, java.util.function.Predicate<Forgery<Answer>> reached) {
        return new Door<>() {
            @Override
            public String name() {
                return door.name();
            }

            @Override
            public boolean reaches(Forgery<Answer> forgery) {
                return reached.test(forgery);
            }

            @Override
            public ReasonCode show(Answer artefact) throws Exception {
                return door.show(artefact);
            }

            @Override
            public void end() throws Exception {
                door.end();
            }
        };
    }
}
