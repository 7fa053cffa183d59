/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.testing.Until;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.transport.hbone.EventLoops;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ExplicitListenersTest {

    private static final String HERE = "127.0.5.1";

    private final EventLoops loops = new EventLoops("test", 1);
    private final LinkedTransferQueue<Duty> taken = new LinkedTransferQueue<>();
    private final LinkedTransferQueue<Channel> channels = new LinkedTransferQueue<>();
    private final HostPort one = new HostPort(HERE, Mesh.freePort());
    private final HostPort two = new HostPort(HERE, Mesh.freePort());
    private final ExplicitListeners listeners = listeners(10);

    @AfterEach
    void close() {
        listeners.close();
        loops.close();
    }

    @Test
    void listenersFollowTheCatalog() throws Exception {
        Workload first =
                Nouns.workload("w", HERE).out(one, Nouns.API, 80).in(two, 8080).make();
        listeners.publish(List.of(first));
        assertThat(listeners.listening().keySet()).containsExactlyInAnyOrder(one, two);
        assertThat(dutyOf(one))
                .isInstanceOfSatisfying(
                        Duty.Out.class,
                        out -> assertThat(out.outbound().service()).isEqualTo(Nouns.API));
        assertThat(dutyOf(two)).isInstanceOf(Duty.In.class);

        listeners.publish(
                List.of(Nouns.workload("w", HERE).out(one, Nouns.LEDGER, 80).make()));
        assertThat(dutyOf(one))
                .as("a bound listener has the duty of the newest catalog")
                .isInstanceOfSatisfying(
                        Duty.Out.class,
                        out -> assertThat(out.outbound().service()).isEqualTo(Nouns.LEDGER));
        Until.holds(() -> isRefused(two));

        listeners.publish(List.of());
        assertThat(listeners.listening()).isEmpty();
        Until.holds(() -> isRefused(one));
    }

    @Test
    void anAddressInUseIsReportedTheOthersWorkAndItIsTriedAgain() throws Exception {
        Workload workload = Nouns.workload("w", HERE)
                .out(one, Nouns.API, 80)
                .out(two, Nouns.API, 80)
                .make();
        try (ServerSocket squatter = new ServerSocket(one.port(), 1, Nouns.ip(HERE))) {
            assertThat(squatter.isBound()).isTrue();
            listeners.publish(List.of(workload));
            assertThat(listeners.listening().keySet()).containsExactly(two);
            assertThat(listeners.problems()).containsOnlyKeys(one);
            listeners.retry();
            assertThat(listeners.problems()).containsOnlyKeys(one);
        }
        listeners.retry();
        assertThat(listeners.problems()).isEmpty();
        assertThat(dutyOf(one)).isInstanceOf(Duty.Out.class);
    }

    @Test
    void aProblemGoesWithTheDutyThatHadIt() {
        HostPort name = new HostPort("localhost", two.port());
        listeners.publish(
                List.of(Nouns.workload("w", HERE).out(name, Nouns.API, 80).make()));
        assertThat(listeners.problems()).containsOnlyKeys(name);
        listeners.publish(List.of());
        assertThat(listeners.problems()).isEmpty();
    }

    @Test
    void ofTwoWorkloadsThatClaimAnAddressTheFirstHasIt() {
        listeners.publish(List.of(
                Nouns.workload("a", HERE).out(one, Nouns.API, 80).make(),
                Nouns.workload("b", HERE).out(one, Nouns.LEDGER, 80).make()));
        assertThat(listeners.listening())
                .hasEntrySatisfying(
                        one, duty -> assertThat(duty.workload().uid()).isEqualTo("a"));
    }

    @Test
    void connectionsBeyondTheLimitAreResetUntilOneEnds() throws Exception {
        try (ExplicitListeners narrow = listeners(1)) {
            narrow.publish(
                    List.of(Nouns.workload("w", HERE).out(one, Nouns.API, 80).make()));
            try (Socket first = dial(one)) {
                assertThat(first.isConnected()).isTrue();
                assertThat(taken.poll(30, TimeUnit.SECONDS)).isNotNull();
                try (Socket second = dial(one)) {
                    assertThat(Mesh.isReset(second)).isTrue();
                }
                channels.take().close().sync();
            }
            Until.holds(() -> {
                try (Socket next = dial(one)) {
                    return next.isConnected() && taken.poll(1, TimeUnit.SECONDS) != null;
                } catch (IOException | InterruptedException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aBugOfTheTakerCostsOneCallAndLeavesNobodyHanging() throws Exception {
        try (ExplicitListeners buggy = new ExplicitListeners(loops, (channel, duty) -> {
            throw new IllegalStateException("a bug, on purpose");
        })) {
            buggy.publish(
                    List.of(Nouns.workload("w", HERE).out(one, Nouns.API, 80).make()));
            try (Socket socket = dial(one)) {
                assertThat(Mesh.isReset(socket)).isTrue();
            }
        }
    }

    @Test
    void onceClosedNothingIsBoundAgain() throws Exception {
        Workload workload = Nouns.workload("w", HERE).out(one, Nouns.API, 80).make();
        listeners.publish(List.of(workload));
        listeners.close();
        listeners.publish(List.of(workload));
        listeners.retry();
        assertThat(listeners.listening()).isEmpty();
        Until.holds(() -> isRefused(one));
    }

    private Duty dutyOf(HostPort address) throws Exception {
        try (Socket socket = dial(address)) {
            assertThat(socket.isConnected()).isTrue();
            return java.util.Objects.requireNonNull(taken.poll(30, TimeUnit.SECONDS));
        }
    }

    private ExplicitListeners listeners(int limit) {
        BiConsumer<Channel, Duty> taker = (channel, duty) -> {
            channels.add(channel);
            taken.add(duty);
        };
        return new ExplicitListeners(loops, taker, limit);
    }

    /** Soon, not at once: a selector lets go of a closed socket with its next turn. */
    private static boolean isRefused(HostPort address) {
        try (Socket socket = dial(address)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static Socket dial(HostPort address) throws IOException {
        Socket socket = new Socket(Nouns.ip(address.host()), address.port());
        socket.setSoTimeout((int) Until.DEADLINE.toMillis());
        return socket;
    }
}
