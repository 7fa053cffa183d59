/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A fort, a canary at each of its ports, and attackers with and without a right to come in. */
final class Siege {

    /** Two JVMs start on a machine that does other work. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final Pattern OR = Pattern.compile("\\|");

    /** What became of an attack, and of calls of the canary meanwhile that were lost. */
    record Result(Attack attack, Target target, String heard, Duration took, Duration canary, List<String> lost) {

        boolean asExpected() {
            return Siege.alternatives(attack, target).contains(heard);
        }
    }

    final Fort fort;

    private final EventLoops loops = new EventLoops("canaries", 2);
    private final SpiffeTls tls;
    private final HboneTls hbone;
    private final TunnelPool pool;
    private final Map<SpiffeId, X509Svid> svids = new HashMap<>();
    private final Map<Target, Canary> canaries = new HashMap<>();
    private final Passport peer;
    private final Queue<CompletableFuture<String>> endings = new ConcurrentLinkedQueue<>();

    Siege(Path folder, String settings) throws Exception {
        this.fort = new Fort(folder, settings);
        SpiffeId frontend = SpiffeId.ofServiceAccount(fort.lubeck.trustDomain(), "shop", "frontend");
        SpiffeId node = SystemIdentity.node(fort.lubeck.trustDomain(), "n1");
        keep(fort.lubeck.svid(frontend));
        keep(fort.lubeck.svid(node));
        this.peer = peer("mallory");
        BundleCell bundles = new BundleCell(TestAuthority.bundles(fort.bergen, fort.lubeck));
        this.tls = new SpiffeTls(new SvidVerifier(InstantSource.system()), bundles);
        this.hbone = new HboneTls(tls, bundles, InstantSource.system());
        this.pool = new TunnelPool(
                loops, HboneLimits.defaults(), hbone, id -> Optional.ofNullable(svids.get(id)), H2Metrics.NONE);
        Route direct = new Route.Direct(
                fort.proxy.at(),
                new TreeSet<>(List.of(fort.backend)),
                frontend,
                fort.proxy.echo(),
                RequestHeaders.NONE);
        Route across = new Route.ViaGateway(
                fort.gateway.at(),
                fort.gatewayId,
                node,
                Fort.outer("api"),
                true,
                new TreeSet<>(List.of(fort.backend)),
                frontend,
                fort.proxy.echo(),
                RequestHeaders.NONE);
        canaries.put(fort.proxy, new Canary(fort.proxy.name(), loops, pool, direct));
        canaries.put(fort.gateway, new Canary(fort.gateway.name(), loops, pool, across));
        for (Canary each : canaries.values()) {
            each.start(START);
        }
    }

    private void keep(TestSvid svid) throws MalformedSvid {
        svids.put(svid.id(), X509Svid.of(svid.chain(), svid.key()));
    }

    Canary canary(Target target) {
        Canary found = canaries.get(target);
        if (found == null) {
            throw new IllegalArgumentException("target: %s (expected: one of the fort's)".formatted(target));
        }
        return found;
    }

    /** Those who have no right to come in. */
    List<Passport> strangers() {
        return List.of(
                Passport.none(),
                Passport.selfSigned(fort.lubeck),
                Passport.of(
                        "unknown trust domain",
                        TestAuthority.of("visby.example").svid("/ns/shop/sa/frontend")),
                peer.speaking("TLSv1.2"),
                peer.offering("http/1.1"),
                peer.offering(""));
    }

    /** One more identity of the peer cluster. */
    Passport peer(String name) {
        return Passport.of(name, fort.lubeck.svid("/ns/shop/sa/" + name));
    }

    /** An attack by a peer that was let in. */
    Result byPeer(Attack attack, Target target) {
        return by(peer, attack, target);
    }

    /** The same by a peer of its own. */
    Result by(Passport who, Attack attack, Target target) {
        Canary canary = canary(target);
        canary.mark();
        int lostBefore = canary.failures().size();
        long began = System.nanoTime();
        String heard = attempt(who, attack, target);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        List<String> lost = canary.failures();
        return new Result(attack, target, heard, took, canary.slowest(), lost.subList(lostBefore, lost.size()));
    }

    private String attempt(Passport who, Attack attack, Target target) {
        try {
            Wire wire = open(who, attack, target);
            try {
                attack.script().run(wire, target);
            } catch (IOException e) {
                // The other side had enough in the middle of a sentence; why is still to be heard.
                wire.hear();
            }
            String heard = wire.await(decisive(alternatives(attack, target)));
            if (heard.startsWith("GOAWAY")) {
                mustClose(wire, attack, target);
                return heard;
            }
            String after = alive(wire, heard);
            wire.close();
            return after;
        } catch (IOException e) {
            return Wire.CLOSED;
        }
    }

    /** GOAWAY is the end: the connection must go, some time after. */
    private void mustClose(Wire wire, Attack attack, Target target) {
        endings.add(CompletableFuture.supplyAsync(
                () -> {
                    try (wire) {
                        String end = wire.await(Wire.CLOSED::equals);
                        return end.equals(Wire.CLOSED) ? "" : "%s at %s: open after GOAWAY".formatted(attack, target);
                    } catch (IOException e) {
                        return "";
                    }
                },
                task -> Thread.ofVirtual().start(task)));
    }

    /** Connections that heard GOAWAY and were left open; waits for each. */
    List<String> leftOpen() {
        return endings.stream()
                .map(CompletableFuture::join)
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    private static Wire open(Passport who, Attack attack, Target target) throws IOException {
        if (attack.start() == Attack.Start.TCP) {
            return Wire.tcp(target.at());
        }
        Wire wire = Wire.tls(target.at(), who);
        if (attack.start() == Attack.Start.H2) {
            wire.hello();
        }
        return wire;
    }

    /** What concerns one stream must leave the others alone. */
    private static String alive(Wire wire, String heard) throws IOException {
        if (heard.equals(Wire.CLOSED) || heard.startsWith("nothing")) {
            return heard;
        }
        wire.send(Frames.frame(Frames.PING, 0, 0, new byte[8]));
        String pong = wire.await(word -> word.equals("PONG") || word.startsWith("GOAWAY"));
        return pong.equals("PONG") || pong.startsWith("GOAWAY") ? heard : heard + ", then " + pong;
    }

    static List<String> alternatives(Attack attack, Target target) {
        return OR.splitAsStream(attack.expectedFrom(target)).toList();
    }

    /** A flood is over with its GOAWAY, whatever single streams hear before. */
    private static Predicate<String> decisive(List<String> expected) {
        boolean streams = expected.stream().noneMatch(word -> word.startsWith("GOAWAY") || word.equals(Wire.CLOSED));
        boolean statuses = expected.stream().anyMatch(word -> Character.isDigit(word.charAt(0)));
        return word -> expected.contains(word)
                || word.startsWith("GOAWAY") && !word.endsWith("NO_ERROR")
                || streams && word.startsWith("RST_STREAM") && !word.endsWith("NO_ERROR")
                || statuses && Character.isDigit(word.charAt(0));
    }

    /** A call by somebody who may not come in; the first word heard. */
    String byStranger(Target target, Passport stranger) {
        try (Wire wire = Wire.tls(target.at(), stranger)) {
            try {
                wire.send(Frames.preface(), Frames.settings(), Frames.frame(Frames.SETTINGS, Frames.ACK, 0));
                wire.send(Frames.connect(1, target.echo()));
            } catch (IOException e) {
                // Shown the door while talking.
            }
            return wire.await(word -> true);
        } catch (IOException e) {
            return Wire.CLOSED;
        }
    }

    void close() throws Exception {
        for (Canary each : canaries.values()) {
            each.close();
        }
        pool.drain(Duration.ZERO).join();
        hbone.close();
        tls.close();
        loops.close();
        fort.close();
    }
}
