/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static io.hanse.proxy.workloadapi.Served.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hanse.model.testing.Until;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one caller may take of the Workload API, and that it is UNAVAILABLE beyond (WE-6). */
final class CallAdmissionTest {

    private static final JWTSVIDRequest TOKEN =
            JWTSVIDRequest.newBuilder().addAudience("a").build();
    private static final int MANY = 1_000;

    @TempDir
    private Path run;

    private final AtomicLong now = new AtomicLong();
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
    @DisplayName("WE-6 a process has so many calls open, over all its connections; one that ends makes room")
    void boundsCallsOfAProcess() throws Exception {
        serve(new CallLimits(MANY, MANY, MANY, MANY, 2, MANY, MANY));
        try (Served.Connection one = served.connect(Served.OWN_SOCKET);
                Served.Connection other = served.connect(Served.OWN_SOCKET)) {
            Context.CancellableContext first = stream(one.stub());
            Context.CancellableContext second = stream(other.stub());
            assertThatThrownBy(() -> one.stub().fetchJWTSVID(TOKEN))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE")
                    .hasMessageContaining("calls_of_process");
            assertThat(served.shed(CallLimits.Name.CALLS_OF_PROCESS)).isEqualTo(1);
            first.cancel(null);
            Until.holds(() -> answers(one.stub()));
            second.cancel(null);
        }
    }

    @Test
    @DisplayName("WE-6 a process asks so often: a burst of two seconds' worth, then as time allows")
    void boundsTheRateOfAProcess() {
        serve(new CallLimits(MANY, MANY, MANY, MANY, MANY, MANY, 2));
        served.ask(Served.OWN_SOCKET, stub -> {
            for (int call = 0; call < 4; call++) {
                assertThat(answers(stub)).isTrue();
            }
            assertStatus(Status.Code.UNAVAILABLE, () -> stub.fetchJWTSVID(TOKEN));
            assertThat(served.shed(CallLimits.Name.RATE_OF_PROCESS)).isEqualTo(1);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(answers(stub)).isTrue();
            assertThat(answers(stub)).isTrue();
            assertStatus(Status.Code.UNAVAILABLE, () -> stub.fetchJWTSVID(TOKEN));
        });
    }

    @Test
    @DisplayName("WE-6 a user has so many connections, over all sockets; one that ends makes room")
    void boundsConnectionsOfAUser() throws Exception {
        serve(new CallLimits(MANY, 2, MANY, MANY, MANY, MANY, MANY));
        try (Served.Connection one = served.connect(Served.OWN_SOCKET);
                Served.Connection two = served.connect(Served.OWN_SOCKET);
                Served.Connection three = served.connect(Served.AGENT)) {
            assertThat(answers(one.stub())).isTrue();
            assertThat(answers(two.stub())).isTrue();
            assertStatus(Status.Code.UNAVAILABLE, () -> three.stub().fetchJWTSVID(TOKEN));
            assertThat(served.shed(CallLimits.Name.CONNECTIONS_OF_USER)).isPositive();
            one.hangUp();
            Until.holds(() -> {
                three.channel().resetConnectBackoff();
                return code(three.stub()) == Status.Code.PERMISSION_DENIED; // let in, and nobody there
            });
        }
    }

    @Test
    @DisplayName("a message beyond 64 KiB ends its call, is counted, and harms nobody else")
    void boundsMessages() throws Exception {
        served.ask(Served.OWN_SOCKET, stub -> {
            assertThat(code(
                            stub,
                            JWTSVIDRequest.newBuilder()
                                    .addAudience("x".repeat(70 << 10))
                                    .build()))
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
            assertThat(answers(stub)).isTrue();
        });
        Until.holds(() -> served.shed(CallLimits.Name.MESSAGE_SIZE) == 1);
    }

    @Test
    void everyLimitOfAUserAndOfAllHoldsByItself() {
        CallerFacts one = caller(1, 10);
        CallerFacts sameUser = caller(2, 10);
        CallerFacts other = caller(3, 11);
        CallerFacts third = caller(4, 12);

        CallAdmission admission = admission(new CallLimits(MANY, MANY, 3, 2, MANY, MANY, MANY));
        assertThat(admission.entered(one)).isEmpty();
        assertThat(admission.entered(sameUser)).isEmpty();
        assertThat(admission.entered(sameUser)).hasValue(CallLimits.Name.CALLS_OF_USER);
        assertThat(admission.entered(other)).isEmpty();
        assertThat(admission.entered(third)).hasValue(CallLimits.Name.CALLS);
        admission.left(one);
        assertThat(admission.entered(third)).isEmpty();

        CallAdmission slow = admission(new CallLimits(2, MANY, MANY, MANY, MANY, 1, MANY));
        assertThat(slow.entered(one)).isEmpty();
        assertThat(slow.entered(sameUser)).isEmpty();
        assertThat(slow.entered(sameUser)).hasValue(CallLimits.Name.RATE_OF_USER);
        assertThat(slow.entered(other)).isEmpty();
        assertThat(slow.connected(10) && slow.connected(11)).isTrue();
        assertThat(slow.connected(12)).isFalse();
        slow.disconnected(10);
        assertThat(slow.connected(12)).isTrue();
    }

    @Test
    void aLaterProcessWithTheSameIdOwesNothingForTheOneBefore() {
        CallAdmission admission = admission(new CallLimits(MANY, MANY, MANY, MANY, 1, MANY, MANY));
        assertThat(admission.entered(new CallerFacts(7, 10, 10, Optional.of("100"))))
                .isEmpty();
        assertThat(admission.entered(new CallerFacts(7, 10, 10, Optional.of("100"))))
                .isPresent();
        assertThat(admission.entered(new CallerFacts(7, 10, 10, Optional.of("200"))))
                .isEmpty();
    }

    @Test
    void whoStaysDoesNotKeepTheOthersRemembered() {
        CallAdmission admission = admission(new CallLimits(MANY, MANY, MANY, MANY, 2, MANY, MANY));
        CallerFacts stays = caller(1, 1);
        assertThat(admission.entered(stays)).isEmpty();
        for (int other = 2; other < CallAdmission.MAX_REMEMBERED + MANY; other++) {
            assertThat(admission.entered(caller(other, other))).isEmpty();
            admission.left(caller(other, other));
        }
        assertThat(admission.remembered()).isEqualTo(CallAdmission.MAX_REMEMBERED);
        assertThat(admission.entered(stays)).isEmpty();
        assertThat(admission.entered(stays))
                .as("who is in is not forgotten")
                .hasValue(CallLimits.Name.CALLS_OF_PROCESS);
    }

    private CallAdmission admission(CallLimits limits) {
        return new CallAdmission(limits, new SimpleMeterRegistry(), now::get);
    }

    private static CallerFacts caller(int pid, int uid) {
        return new CallerFacts(pid, uid, uid, Optional.of("1"));
    }

    private void serve(CallLimits limits) {
        served.close();
        served = new Served(run.resolve("limited"), limits, now::get);
    }

    /** A stream that has said its first message and stays open until cancelled. */
    private static Context.CancellableContext stream(SpiffeWorkloadAPIBlockingStub stub) {
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> assertThat(
                        stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()).next())
                .isNotNull());
        return context;
    }

    private static boolean answers(SpiffeWorkloadAPIBlockingStub stub) {
        return code(stub) == Status.Code.OK;
    }

    private static Status.Code code(SpiffeWorkloadAPIBlockingStub stub) {
        return code(stub, TOKEN);
    }

    private static Status.Code code(SpiffeWorkloadAPIBlockingStub stub, JWTSVIDRequest question) {
        try {
            assertThat(stub.fetchJWTSVID(question).getSvidsCount()).isOne();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }
}
