/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static io.hanse.proxy.workloadapi.Served.assertStatus;
import static io.hanse.proxy.workloadapi.Served.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.hanse.model.testing.Until;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.ValidateJWTSVIDRequest;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.hanse.wire.spiffe.X509SVIDResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Workload Endpoint: who may knock, with what, and what else answers there. */
final class EndpointTest {

    @TempDir
    private Path run;

    private Served served;

    @BeforeEach
    void serve() {
        served = new Served(run.resolve("sockets"));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest(name = "WE-3b header {0}: INVALID_ARGUMENT on every method, before it is asked who calls")
    @ValueSource(strings = {"absent", "True", "1", "", "true,true", "true,false"})
    void demandsTheHeaderOnEveryMethod(String values) {
        Metadata headers = values.equals("absent") ? header() : header(values.split(",", -1));
        // On this socket the caller is nobody: whoever looked at that first would answer PERMISSION_DENIED.
        served.ask(Served.AGENT, headers, stub -> {
            List<Runnable> methods = List.of(
                    () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                            .next(),
                    () -> stub.fetchX509Bundles(X509BundlesRequest.getDefaultInstance())
                            .next(),
                    () -> stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance())
                            .next(),
                    () -> stub.fetchJWTSVID(
                            JWTSVIDRequest.newBuilder().addAudience("a").build()),
                    () -> stub.validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                            .setAudience("a")
                            .setSvid("t")
                            .build()));
            assertThat(methods)
                    .hasSameSizeAs(SpiffeWorkloadAPIGrpc.getServiceDescriptor().getMethods());
            methods.forEach(method -> assertStatus(Status.Code.INVALID_ARGUMENT, method));
        });
    }

    @Test
    @DisplayName("WE-2 WE-3a WE-3.1 WE-5 gRPC in plain text over a Unix socket, without any credential of the client")
    void servesPlainGrpcOverAUnixSocket() {
        assertThat(Files.exists(served.sockets.resolve(Served.OWN_SOCKET))).isTrue();
        served.ask(
                Served.OWN_SOCKET,
                stub -> assertThat(stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .next()
                                .getSvidsCount())
                        .isOne());
    }

    @Test
    @DisplayName("WL-7 WE-6 the WIT profile and whatever else is not known is UNIMPLEMENTED")
    void unknownMethodsAreUnimplemented() {
        for (String method : List.of("FetchWITSVID", "FetchWITBundles", "FetchEverything")) {
            MethodDescriptor<X509SVIDRequest, X509SVIDResponse> unknown =
                    MethodDescriptor.<X509SVIDRequest, X509SVIDResponse>newBuilder()
                            .setType(MethodDescriptor.MethodType.UNARY)
                            .setFullMethodName(MethodDescriptor.generateFullMethodName("SpiffeWorkloadAPI", method))
                            .setRequestMarshaller(ProtoUtils.marshaller(X509SVIDRequest.getDefaultInstance()))
                            .setResponseMarshaller(ProtoUtils.marshaller(X509SVIDResponse.getDefaultInstance()))
                            .build();
            served.ask(
                    Served.OWN_SOCKET,
                    stub -> assertStatus(
                            Status.Code.UNIMPLEMENTED,
                            () -> ClientCalls.blockingUnaryCall(
                                    stub.getChannel(),
                                    unknown,
                                    CallOptions.DEFAULT,
                                    X509SVIDRequest.getDefaultInstance())));
        }
    }

    @Test
    @DisplayName("WE-7 server reflection names the service, to callers without the header too")
    void reflectionNamesTheService() throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        try (Served.Connection connection = served.connect(Served.AGENT)) {
            StreamObserver<ServerReflectionRequest> question = ServerReflectionGrpc.newStub(connection.channel())
                    .serverReflectionInfo(new StreamObserver<>() {
                        @Override
                        public void onNext(ServerReflectionResponse answer) {
                            names.complete(answer.getListServicesResponse().getServiceList().stream()
                                    .map(ServiceResponse::getName)
                                    .toList());
                        }

                        @Override
                        public void onError(Throwable e) {
                            names.completeExceptionally(e);
                        }

                        @Override
                        public void onCompleted() {
                            names.completeExceptionally(new IllegalStateException("ended without an answer"));
                        }
                    });
            question.onNext(
                    ServerReflectionRequest.newBuilder().setListServices("").build());
            assertThat(Until.done(names)).contains("SpiffeWorkloadAPI", "grpc.health.v1.Health");
        }
    }

    @Test
    @DisplayName("WE-5 selectors are facts of the caller: path and sha256 of its executable; unknown kinds never hold")
    void attestsByFacts() throws Exception {
        JWTSVIDRequest question = JWTSVIDRequest.newBuilder().addAudience("a").build();
        String executable = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
        served.api.publish(List.of(served.workload("frontend", List.of("uid:" + Served.uid(), "path:" + executable))));
        served.ask(
                Served.AGENT,
                stub -> assertThat(stub.fetchJWTSVID(question).getSvidsCount()).isOne());
        for (String wrong : List.of("path:/bin/other", "sha256:00", "colour:blue", "uid:4242")) {
            served.api.publish(List.of(served.workload("frontend", List.of("uid:" + Served.uid(), wrong))));
            served.ask(
                    Served.AGENT,
                    stub -> assertStatus(Status.Code.PERMISSION_DENIED, () -> stub.fetchJWTSVID(question)));
        }
    }

    @Test
    @DisplayName(
            "every user may pass the folder and none list it; a socket opens to all when selectors tell callers apart")
    void opensWhatSelectorsGuardAndNothingElse() throws Exception {
        assertThat(mode("")).isEqualTo("rwx--x--x");
        assertThat(mode(Served.AGENT)).isEqualTo("rw-rw-rw-");
        assertThat(mode(Served.OWN_SOCKET)).isEqualTo("rw-------");

        served.api.publish(List.of(served.workload("frontend", List.of("uid:" + Served.uid()))));
        assertThat(mode(Served.OWN_SOCKET)).isEqualTo("rw-rw-rw-");

        served.api.publish(List.of(served.workload("frontend", List.of())));
        assertThat(mode(Served.OWN_SOCKET)).isEqualTo("rw-------");
    }

    @Test
    @DisplayName("WL-2 the service has the standard's five methods in one file without a package, and no other")
    void theServiceIsTheStandards() {
        var methods = SpiffeWorkloadAPIGrpc.getServiceDescriptor().getMethods().stream()
                .map(MethodDescriptor::getFullMethodName)
                .toList();
        assertThat(methods)
                .containsExactlyInAnyOrder(
                        "SpiffeWorkloadAPI/FetchX509SVID",
                        "SpiffeWorkloadAPI/FetchX509Bundles",
                        "SpiffeWorkloadAPI/FetchJWTSVID",
                        "SpiffeWorkloadAPI/FetchJWTBundles",
                        "SpiffeWorkloadAPI/ValidateJWTSVID");
        assertThat(fields(X509SVIDResponse.getDescriptor())).containsExactly("1 svids", "2 crl", "3 federated_bundles");
        assertThat(fields(io.hanse.wire.spiffe.X509SVID.getDescriptor()))
                .containsExactly("1 spiffe_id", "2 x509_svid", "3 x509_svid_key", "4 bundle", "5 hint");
        assertThat(fields(io.hanse.wire.spiffe.X509BundlesResponse.getDescriptor()))
                .containsExactly("1 crl", "2 bundles");
        assertThat(fields(JWTSVIDRequest.getDescriptor())).containsExactly("1 audience", "2 spiffe_id");
        assertThat(fields(io.hanse.wire.spiffe.JWTSVID.getDescriptor()))
                .containsExactly("1 spiffe_id", "2 svid", "3 hint");
        assertThat(fields(io.hanse.wire.spiffe.JWTBundlesResponse.getDescriptor()))
                .containsExactly("1 bundles");
        assertThat(fields(ValidateJWTSVIDRequest.getDescriptor())).containsExactly("1 audience", "2 svid");
        assertThat(fields(io.hanse.wire.spiffe.ValidateJWTSVIDResponse.getDescriptor()))
                .containsExactly("1 spiffe_id", "2 claims");
    }

    private static List<String> fields(com.google.protobuf.Descriptors.Descriptor message) {
        return message.getFields().stream()
                .map(field -> field.getNumber() + " " + field.getName())
                .toList();
    }

    private String mode(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(served.sockets.resolve(name)));
    }
}
