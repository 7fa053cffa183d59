/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsAnswer.Answered;
import io.hanse.exchange.fetch.HttpsAnswer.Failed;
import io.hanse.exchange.fetch.HttpsAnswer.Stage;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.exchange.fetch.HttpsLine;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.transport.tls.SpiffeTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One cluster's HTTPS requests to the others: connection, certificate, request, answer, each of which may fail in every way
 * that a network knows. The certificate is judged by the trust manager that the product brings.
 */
final class SimHttps implements HttpsLine {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final String AUTHENTICATION = "ECDHE_ECDSA";

    private final League league;
    private final Cluster from;

    SimHttps(League league, Cluster from) {
        this.league = league;
        this.from = from;
    }

    @Override
    public HttpsAnswer call(HttpsCall call) {
        Machine.Life life = from.exchange().life();
        World world = league.world();
        Optional<Cluster> found = call.connectTo().flatMap(league::behind);
        if (found.isEmpty()) {
            return new Failed(Stage.CONNECT, ReasonCode.PEER_UNREACHABLE, "connection refused");
        }
        Cluster to = found.get();
        Link link = league.link(from, to);
        wait(life, link.latency());
        if (link.isSilent()) {
            wait(life, call.limit().compareTo(CONNECT_LIMIT) < 0 ? call.limit() : CONNECT_LIMIT);
        }
        if (link.isCut() || !to.exchange().isUp() || league.plant().hasGivenUp(link)) {
            return new Failed(Stage.CONNECT, ReasonCode.PEER_UNREACHABLE, "connect failed");
        }
        Optional<Failed> unverified = handshake(call, to);
        if (unverified.isPresent()) {
            return unverified.get();
        }
        Object answer = Fiber.await(resume -> exchange(world, call, to, link, new Once(resume)));
        if (!life.isAlive()) {
            throw new Crashed();
        }
        return (HttpsAnswer) answer;
    }

    private Optional<Failed> handshake(HttpsCall call, Cluster to) {
        Optional<List<X509Certificate>> chain = to.svid(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(to.trustDomain()));
        if (chain.isEmpty()) {
            return Optional.of(new Failed(Stage.VERIFY, ReasonCode.TLS_HANDSHAKE_FAILED, "no certificate"));
        }
        boolean poll = call.body().isEmpty() && call.trust() instanceof SpiffeTrustManager;
        try {
            call.trust().checkServerTrusted(chain.get().toArray(X509Certificate[]::new), AUTHENTICATION);
            if (poll) {
                league.handshake(from, to, chain.get().getFirst(), Optional.empty());
            }
            return Optional.empty();
        } catch (CertificateException e) {
            ReasonCode reason = PeerRefused.reasonOf(e);
            if (poll) {
                league.handshake(from, to, chain.get().getFirst(), Optional.of(reason));
            }
            return Optional.of(new Failed(Stage.VERIFY, reason, String.valueOf(e.getMessage())));
        }
    }

    private void exchange(World world, HttpsCall call, Cluster to, Link link, Once once) {
        world.in(
                call.limit(),
                () -> once.with(new Failed(Stage.SENT, ReasonCode.IDLE_TIMEOUT, "no whole answer in time")));
        if (world.chance(link.loss())) {
            return;
        }
        boolean lost = world.chance(link.loss());
        boolean torn = world.chance(link.loss() / 2);
        Duration back = world.chance(link.loss()) ? call.limit().plusSeconds(1) : link.latency();
        world.in(link.latency(), () -> {
            if (link.isCut()) {
                return;
            }
            Optional<Answered> answer = to.exchange().serve(call);
            answer.ifPresent(given -> league.answered(from, to, call, given));
            if (answer.isEmpty() || torn) {
                once.with(new Failed(Stage.SENT, ReasonCode.PROTOCOL_ERROR, "connection was closed"));
            } else if (!lost) {
                world.in(back, () -> {
                    if (!link.isCut()) {
                        once.with(answer.get());
                    }
                });
            }
        });
        if (world.chance(link.loss())) {
            // What a middlebox or an eager client does: the same request once more, whose answer nobody reads.
            world.in(
                    link.latency().multipliedBy(3),
                    () -> to.exchange().serve(call).ifPresent(given -> league.answered(from, to, call, given)));
        }
    }

    private void wait(Machine.Life life, Duration span) {
        Fiber.await(resume -> league.world().in(span, () -> resume.accept(span)));
        if (!life.isAlive()) {
            throw new Crashed();
        }
    }

    /** The first outcome counts. */
    private static final class Once {

        private final Consumer<Object> resume;
        private boolean done;

        Once(Consumer<Object> resume) {
            this.resume = resume;
        }

        void with(HttpsAnswer answer) {
            if (!done) {
                done = true;
                resume.accept(answer);
            }
        }
    }
}
