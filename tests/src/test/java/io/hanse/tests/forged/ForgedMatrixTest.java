/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each forgery at each door that it can reach: refused, with the reason of the rule it breaks. Before and after, the door
 * takes what is genuine: the refusal is due to the forgery, and leaves nothing behind.
 */
final class ForgedMatrixTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Matrix MATRIX = new Matrix();

    @TempDir
    static Path directory;

    @AfterAll
    static void end() throws IOException {
        MATRIX.write();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @TestFactory
    @DisplayName("certificates and chains, shown by clients")
    Stream<DynamicTest> certificatesOfClients() throws Exception {
        LiveAuthority authority = new LiveAuthority(directory.resolve("ca"));
        return at(
                Corpus.CERTIFICATES,
                Target::genuine,
                List.of(
                        ServerDoors.inboundTunnel(),
                        ServerDoors.gateway(),
                        ServerDoors.registry(),
                        ServerDoors.exchange(directory.resolve("exchange")),
                        ServerDoors.authority(authority)),
                authority);
    }

    @TestFactory
    @DisplayName("certificates and chains, shown by servers")
    Stream<DynamicTest> certificatesOfServers() throws Exception {
        List<Door<Mutation>> doors = List.of(
                ClientDoors.innerTunnel(),
                ClientDoors.outerTunnel(),
                ClientDoors.peersRegistry(directory.resolve("imports")),
                ClientDoors.authority(),
                ClientDoors.exchange(),
                ClientDoors.bundleEndpoint(VERTX),
                ClientDoors.inviter(VERTX));
        return at(Corpus.CERTIFICATES, Target::genuine, doors, () -> {});
    }

    @TestFactory
    @DisplayName("JWT-SVIDs")
    Stream<DynamicTest> tokens() throws Exception {
        LiveExchange exchange = new LiveExchange("lubeck", directory.resolve("farewell"), VERTX);
        return at(
                Corpus.TOKENS,
                target -> target.draft().sign(),
                List.of(TokenDoors.workloadApi(directory.resolve("run")), TokenDoors.farewell(exchange)),
                exchange);
    }

    @TestFactory
    @DisplayName("bundle documents and endpoints")
    Stream<DynamicTest> bundles() throws Exception {
        LiveExchange exchange = new LiveExchange("lubeck", directory.resolve("bundles"), VERTX);
        return at(
                Corpus.BUNDLES,
                authority -> BundleForgeries.Served.document(
                        BundleForgeries.genuine(authority).toString()),
                List.of(
                        BundleDoors.polling(directory.resolve("polling"), VERTX),
                        BundleDoors.invited(exchange, VERTX),
                        BundleDoors.acceptor(exchange)),
                exchange);
    }

    @TestFactory
    @DisplayName("invitations")
    Stream<DynamicTest> invitations() throws Exception {
        LiveExchange inviter = new LiveExchange("bergen", directory.resolve("inviter"), VERTX);
        LiveExchange acceptor = new LiveExchange("lubeck", directory.resolve("acceptor"), VERTX);
        return at(
                Corpus.INVITATIONS,
                (from, to) -> from.invite(),
                List.of(InvitationForgeries.door(inviter, acceptor)),
                () -> {
                    inviter.close();
                    acceptor.close();
                });
    }

    @TestFactory
    @DisplayName("requests to connect")
    Stream<DynamicTest> requestsToConnect() throws Exception {
        LiveExchange exchange = new LiveExchange("lubeck", directory.resolve("desk"), VERTX);
        return at(Corpus.ACCEPTS, AcceptForgeries::genuine, List.of(AcceptForgeries.door(exchange)), exchange);
    }

    @TestFactory
    @DisplayName("requests for certificates")
    Stream<DynamicTest> requestsForCertificates() throws Exception {
        LiveAuthority authority = new LiveAuthority(directory.resolve("desk-ca"));
        List<DynamicTest> tests = new ArrayList<>(
                at(Corpus.REQUESTS, RequestForgeries::joining, List.of(RequestForgeries.door(authority)), () -> {})
                        .toList());
        tests.addAll(at(
                        List.<Forgery<RequestForgeries.Call>>of(),
                        RequestForgeries::impersonating,
                        List.of(RequestForgeries.door(authority)),
                        authority)
                .toList());
        return tests.stream();
    }

    private static <A> Stream<DynamicTest> at(
            List<Forgery<A>> forgeries, A genuine, List<Door<A>> doors, AutoCloseable afterwards) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Door<A> door : doors) {
            tests.add(DynamicTest.dynamicTest(
                    door.name() + " takes what is genuine",
                    () -> assertThat(door.show(genuine)).isEqualTo(ReasonCode.OK)));
            for (Forgery<A> forgery : forgeries) {
                if (door.reaches(forgery)) {
                    tests.add(DynamicTest.dynamicTest(door.name() + " refuses " + forgery, () -> {
                        assertThat(door.show(forgery.artefact())).isEqualTo(forgery.expected());
                        MATRIX.refused(forgery, door.name());
                    }));
                }
            }
            tests.add(DynamicTest.dynamicTest(door.name() + " still takes what is genuine", () -> {
                assertThat(door.show(genuine)).isEqualTo(ReasonCode.OK);
                door.end();
            }));
        }
        tests.add(DynamicTest.dynamicTest("the doors close", afterwards::close));
        return tests.stream();
    }
}
