/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static io.hanse.proxy.workloadapi.Served.AUDIENCE;
import static io.hanse.proxy.workloadapi.Served.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hanse.model.identity.SpiffeId;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTSVID;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.ValidateJWTSVIDRequest;
import io.hanse.wire.spiffe.ValidateJWTSVIDResponse;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.WorkloadApiClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JWT half of the Workload API. */
final class TokensTest {

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

    @Test
    @DisplayName("WL-1 WL-6.2.1 WL-6.2.3 java-spiffe fetches a JWT-SVID and has it validated")
    void javaSpiffeFetchesTokens() throws Exception {
        try (WorkloadApiClient client =
                DefaultWorkloadApiClient.newClient(DefaultWorkloadApiClient.ClientOptions.builder()
                        .spiffeSocketPath("unix:" + served.sockets.resolve(Served.OWN_SOCKET))
                        .build())) {
            var token = client.fetchJwtSvid(AUDIENCE);
            assertThat(token.getSpiffeId().toString()).isEqualTo(served.frontend.toString());
            assertThat(client.validateJwtSvid(token.getToken(), AUDIENCE)
                            .getSpiffeId()
                            .toString())
                    .isEqualTo(served.frontend.toString());
        }
    }

    @Test
    @DisplayName("WL-6.2.1 one token for each identity if none is named, one alone if one is")
    void oneTokenForEachIdentity() {
        List<String> me = List.of("uid:" + Served.uid());
        served.api.publish(List.of(served.workload("a", "backend", me), served.workload("b", "frontend", me)));
        served.ask(Served.AGENT, stub -> {
            JWTSVIDRequest.Builder question = JWTSVIDRequest.newBuilder().addAudience(AUDIENCE);
            assertThat(stub.fetchJWTSVID(question.build()).getSvidsList())
                    .extracting(JWTSVID::getSpiffeId)
                    .containsExactly("spiffe://lubeck.example/ns/shop/sa/backend", served.frontend.toString());
            assertThat(stub.fetchJWTSVID(question.setSpiffeId(served.frontend.toString())
                                    .build())
                            .getSvidsList())
                    .extracting(JWTSVID::getSpiffeId)
                    .containsExactly(served.frontend.toString());
        });
    }

    @Test
    @DisplayName("WL-4.5 WL-6.2.1 an absent audience or svid and a malformed ID are INVALID_ARGUMENT, a foreign ID is"
            + " denied")
    void refusesBadQuestions() {
        served.ask(Served.OWN_SOCKET, stub -> {
            for (JWTSVIDRequest wrong : List.of(
                    JWTSVIDRequest.getDefaultInstance(),
                    JWTSVIDRequest.newBuilder().addAudience("").build(),
                    JWTSVIDRequest.newBuilder()
                            .addAudience("a")
                            .setSpiffeId("not an id")
                            .build())) {
                assertStatus(Status.Code.INVALID_ARGUMENT, () -> stub.fetchJWTSVID(wrong));
            }
            assertStatus(
                    Status.Code.PERMISSION_DENIED,
                    () -> stub.fetchJWTSVID(JWTSVIDRequest.newBuilder()
                            .addAudience("a")
                            .setSpiffeId("spiffe://lubeck.example/ns/shop/sa/other")
                            .build()));
            String good = served.token(served.lubeck, served.frontend, List.of(AUDIENCE));
            for (ValidateJWTSVIDRequest wrong : List.of(
                    ValidateJWTSVIDRequest.getDefaultInstance(),
                    ValidateJWTSVIDRequest.newBuilder().setSvid(good).build(),
                    ValidateJWTSVIDRequest.newBuilder().setAudience(AUDIENCE).build())) {
                assertStatus(Status.Code.INVALID_ARGUMENT, () -> stub.validateJWTSVID(wrong));
            }
        });
    }

    @Test
    @DisplayName("WL-6.2.2 JWT bundles hold jwt-svid keys only, the own trust domain's among them")
    void jwtBundlesHoldJwtKeysOnly() {
        served.ask(Served.OWN_SOCKET, stub -> {
            var response =
                    stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance()).next();
            assertThat(response.getBundlesMap()).containsKey("spiffe://lubeck.example");
            assertThat(response.getBundlesOrThrow("spiffe://lubeck.example").toStringUtf8())
                    .contains("k1")
                    .doesNotContain("x5c")
                    .doesNotContain("x509-svid");
        });
    }

    @Test
    @DisplayName("WL-6.2.3 validation answers the subject and the claims, other claims among them")
    void answersTheClaims() {
        served.ask(Served.OWN_SOCKET, stub -> {
            ValidateJWTSVIDResponse valid = stub.validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                    .setAudience(AUDIENCE)
                    .setSvid(served.token(served.lubeck, served.frontend, List.of(AUDIENCE)))
                    .build());
            assertThat(valid.getSpiffeId()).isEqualTo(served.frontend.toString());
            assertThat(valid.getClaims().getFieldsMap()).containsKeys("sub", "aud", "exp", "colour");
            assertThat(valid.getClaims().getFieldsOrThrow("sub").getStringValue())
                    .isEqualTo(served.frontend.toString());
        });
    }

    @Test
    @DisplayName(
            "WL-6.2.3 a token is verified with its subject's own bundle: another's key of the same name vouches for"
                    + " nothing")
    void verifiesWithTheSubjectsOwnBundle() {
        SpiffeId foreign = new SpiffeId(served.bergen.trustDomain(), "/ns/shop/sa/frontend");
        served.ask(
                Served.OWN_SOCKET,
                stub -> assertThat(stub.validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                                        .setAudience(AUDIENCE)
                                        .setSvid(served.token(served.bergen, foreign, List.of(AUDIENCE)))
                                        .build())
                                .getSpiffeId())
                        .isEqualTo(foreign.toString()));
        assertRefused(served.token(served.lubeck, foreign, List.of(AUDIENCE)), "TOKEN_SIGNATURE");
    }

    @Test
    @DisplayName("WL-6.2.3 JWT-3.2 JWT-3.3 JWT-2 ValidateJWTSVID refuses, each with its reason")
    void refusesTokens() {
        Instant later = Instant.now().plusSeconds(60);
        assertRefused(served.token(served.lubeck, served.frontend, List.of("somebody-else")), "TOKEN_AUDIENCE");
        assertRefused(served.token(header("k1"), Instant.now().minusSeconds(120)), "TOKEN_EXPIRED");
        assertRefused(served.token(header("k2"), later), "TOKEN_KEY_UNKNOWN");
        assertRefused(served.token(new JWSHeader.Builder(JWSAlgorithm.ES256).build(), later), "TOKEN_KEY_MISSING");
        assertRefused(
                served.token(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID("k1")
                                .type(new JOSEObjectType("wit+jwt"))
                                .build(),
                        later),
                "TOKEN_TYPE");
        assertRefused("eyJhbGciOiJub25lIn0.e30.", "TOKEN_");
        assertRefused("not a token", "TOKEN_MALFORMED");
        String good = served.token(served.lubeck, served.frontend, List.of(AUDIENCE));
        char last = good.charAt(good.length() - 10);
        assertRefused(
                good.substring(0, good.length() - 10) + (last == 'A' ? 'B' : 'A') + good.substring(good.length() - 9),
                "TOKEN_SIGNATURE");
    }

    private static JWSHeader header(String kid) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build();
    }

    private void assertRefused(String token, String reason) {
        served.ask(
                Served.OWN_SOCKET,
                stub -> assertThatThrownBy(() -> stub.validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                                .setAudience(AUDIENCE)
                                .setSvid(token)
                                .build()))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("INVALID_ARGUMENT")
                        .hasMessageContaining(reason));
    }
}
