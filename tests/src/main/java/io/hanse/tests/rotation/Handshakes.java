/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Cluster;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.SpiffeTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client as a cluster's node proxy is one, which opens a new tunnel for each question: each is a whole mutual TLS 1.3
 * handshake with the far proxy, and across clusters a second one with the gateway. Any thread may ask.
 */
public final class Handshakes implements AutoCloseable {

    private static final int HBONE_PORT = 15008;
    private static final int LOOPS = 2;
    private static final int WARM = 50;
    private static final int MAX_FAILURES = 1_000;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int ENDPOINT_ID_DIGITS = 16;

    /** One that did not end well. */
    public record Failure(Instant at, String how) {
        @Override
        public String toString() {
            return at + " " + how;
        }
    }

    private final Cluster from;
    private final HeldIdentities identities;
    private final EventLoops loops;
    private final SpiffeTls tls;
    private final HboneTls hbone;
    private final AtomicBoolean ending = new AtomicBoolean();
    private Duration between = Duration.ZERO;
    private final AtomicLong done = new AtomicLong();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Future<Boolean>> workers = new ArrayList<>();

    /**
     * @param from whose workloads' SVIDs are shown
     * @param known clusters whose bundles it follows
     */
    public Handshakes(Cluster from, List<Cluster> known) {
        this.from = from;
        this.identities = new HeldIdentities(from, known);
        this.loops = new EventLoops("handshakes-" + from, LOOPS);
        this.tls = new SpiffeTls(new SvidVerifier(InstantSource.system()), identities.bundles());
        this.hbone = new HboneTls(tls, identities.bundles(), InstantSource.system());
    }

    /** Waits this long after each question instead of asking at once; before the first work is given. */
    public Handshakes pausing(Duration pause) {
        between = pause;
        return this;
    }

    /** Handshakes as {@code client} with a service's workload of the same cluster, without end. */
    public void within(String client, String service, String address) {
        Route route = new Route.Direct(
                new InetSocketAddress(InetAddress.ofLiteral(address), HBONE_PORT),
                ids(from.spiffeId(service)),
                SpiffeId.parse(from.spiffeId(client)),
                authority(service),
                RequestHeaders.NONE);
        work(route, List.of(route.client()), 1);
    }

    /** Handshakes as {@code client} with a workload of another cluster, and with its gateway. */
    public void across(Cluster to, String client, String service, String workload) {
        TrustDomain domain = TrustDomain.parse(from.trustDomain());
        SpiffeId node = SystemIdentity.node(domain, "a");
        Route route = new Route.ViaGateway(
                to.gateway(),
                SystemIdentity.EAST_WEST_GATEWAY.in(TrustDomain.parse(to.trustDomain())),
                node,
                endpointId(to, workload) + "." + authority(service),
                true,
                ids(to.spiffeId(service)),
                SpiffeId.parse(from.spiffeId(client)),
                authority(service),
                RequestHeaders.NONE);
        work(route, List.of(route.client(), node), 2);
    }

    private void work(Route route, List<SpiffeId> shown, int handshakes) {
        TunnelPool pool = new TunnelPool(loops, HboneLimits.defaults(), hbone, identities, H2Metrics.NONE);
        Duration pause = between;
        workers.add(Await.beside("handshakes", () -> {
            while (!ending.get()) {
                ask(pool, route, handshakes);
                shown.forEach(pool::renewed); // the next one finds no connection it may use
                Await.pass(pause);
            }
            pool.close();
            return true;
        }));
    }

    private void ask(TunnelPool pool, Route route, int handshakes) throws InterruptedException {
        try {
            ProbeOutcome outcome = pool.probe(route).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (outcome instanceof ProbeOutcome.Answered) {
                done.addAndGet(handshakes);
            } else {
                failed(outcome.toString());
            }
        } catch (ExecutionException | TimeoutException e) {
            failed(e.toString());
        }
    }

    private synchronized void failed(String how) {
        if (failures.size() < MAX_FAILURES) {
            failures.add(new Failure(Instant.now(), "handshake of %s: %s".formatted(from, how)));
        }
    }

    /** Waits until some have ended well, and forgets what failed before: a cold client on a busy machine is late. */
    public void warmUp() {
        Await.until("handshakes of %s end well".formatted(from), () -> done() > WARM);
        synchronized (this) {
            failures.clear();
        }
    }

    /** How many handshakes ended well. */
    public long done() {
        return done.get();
    }

    /** Those that did not. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    private static String authority(String service) {
        return service + ".shop.svc.cluster.local:80";
    }

    private static SortedSet<SpiffeId> ids(String id) {
        return new TreeSet<>(List.of(SpiffeId.parse(id)));
    }

    /** First 16 hex digits of SHA-256 of the workload's uid (docs/wires.md, xDS). */
    private static String endpointId(Cluster cluster, String workload) {
        String uid = cluster.name() + "/hanse.io/Workload/shop/" + workload;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, ENDPOINT_ID_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }

    /** Stops asking. */
    public void stop() {
        ending.set(true);
        workers.forEach(Await::join);
    }

    @Override
    public void close() {
        stop();
        hbone.close();
        loops.close();
        tls.close();
        identities.close();
    }
}
