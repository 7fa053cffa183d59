/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.Authority;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.authority.AuthorityMaterial;
import io.hanse.ca.authority.Move;
import io.hanse.ca.authority.Roster;
import io.hanse.model.catalog.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** What the operators of one cluster each do by themselves: keys, annotations, policies, endpoints. */
final class Operators {

    private static final List<ServiceName> SERVICES = List.of(Truth.service("api"), Truth.service("cart"));
    private static final int MAX_ENDPOINTS = 4;

    private final League league;
    private final World world;
    private int endpoints;

    Operators(League league) {
        this.league = league;
        this.world = league.world();
    }

    ServiceName service() {
        return world.pick(SERVICES);
    }

    /** Two services, one global; an endpoint of each. */
    static Truth first(int cluster) {
        Truth truth = new Truth(new java.util.TreeMap<>(), new java.util.TreeMap<>(), new java.util.TreeMap<>());
        for (ServiceName service : SERVICES) {
            boolean global = service.name().equals("api");
            truth = truth.with(service, global ? Truth.Annotation.GLOBAL : Truth.Annotation.PLAIN)
                    .with(
                            service.name() + "-0",
                            new Truth.Endpoint(
                                    service,
                                    java.net.InetAddress.ofLiteral(
                                            "10.%d.2.%d".formatted(cluster, SERVICES.indexOf(service) + 1)),
                                    true));
        }
        return truth;
    }

    void annotate(Cluster cluster) {
        ServiceName service = service();
        Truth.Annotation next = world.pick(List.of(Truth.Annotation.values()));
        declare(cluster, cluster.truth().now().with(service, next), "says of %s: %s".formatted(service, next));
    }

    void policy(Cluster cluster) {
        ServiceName service = service();
        Optional<SortedSet<String>> only = Optional.empty();
        if (world.chance(0.6)) {
            TreeSet<String> some = new TreeSet<>();
            league.clusters().stream()
                    .filter(one -> world.chance(0.6))
                    .forEach(one -> some.add(Truth.principal(one.workload(Truth.CLIENT))));
            some.add("nobody.example/ns/shop/sa/nobody");
            only = Optional.of(some);
        }
        declare(
                cluster,
                cluster.truth().now().allowing(service, only),
                "lets %s call %s".formatted(only.map(Object::toString).orElse("anybody"), service));
    }

    void endpoint(Cluster cluster) {
        Truth truth = cluster.truth().now();
        List<String> names = new ArrayList<>(truth.endpoints().keySet());
        if (names.isEmpty() || names.size() < MAX_ENDPOINTS && world.chance(0.4)) {
            ServiceName service = service();
            String name = service.name() + "-" + ++endpoints;
            declare(
                    cluster,
                    truth.with(name, new Truth.Endpoint(service, cluster.address(endpoints), true)),
                    "starts endpoint " + name);
            return;
        }
        String name = world.pick(names);
        Truth.Endpoint held = Optional.ofNullable(truth.endpoints().get(name)).orElseThrow();
        if (world.chance(0.5)) {
            declare(cluster, truth.without(name), "stops endpoint " + name);
        } else {
            declare(
                    cluster,
                    truth.with(name, new Truth.Endpoint(held.service(), held.address(), !held.healthy())),
                    "calls endpoint %s %s".formatted(name, held.healthy() ? "unhealthy" : "healthy"));
        }
    }

    void declare(Cluster cluster, Truth next, String what) {
        world.transcript().say(cluster.name(), what);
        cluster.declare(next);
    }

    /** One move of an authority: the next sensible one, or any. */
    void authority(Cluster cluster) {
        AuthorityKind kind = world.chance(0.8) ? AuthorityKind.X509 : AuthorityKind.JWT;
        boolean force = world.chance(0.15);
        cluster.ca().authorities().ifPresent(authorities -> {
            Roster roster = authorities.image().of(kind);
            switch (world.random().nextInt(5)) {
                case 0, 1 -> {
                    if (roster.prepared().isPresent()) {
                        activate(cluster, kind, force);
                    } else {
                        move(cluster, kind, "prepare", a -> a.prepare(kind));
                    }
                }
                case 2 -> {
                    Optional<String> target = other(roster);
                    move(cluster, kind, "taint", a -> a.taint(kind, target));
                }
                case 3 -> move(cluster, kind, "revoke", a -> a.revoke(kind, Optional.empty(), false));
                default -> move(cluster, kind, "revoke --force", a -> a.revoke(kind, Optional.empty(), true));
            }
        });
    }

    private void activate(Cluster cluster, AuthorityKind kind, boolean force) {
        if (force && kind == AuthorityKind.X509) {
            cluster.ca()
                    .image()
                    .flatMap(image -> image.x509().prepared())
                    .ifPresent(one -> league.ledger().hurry(one.material().x509Certificate()));
        }
        move(cluster, kind, "activate" + (force ? " --force" : ""), a -> a.activate(kind, Optional.empty(), force));
    }

    private Optional<String> other(Roster roster) {
        List<String> others = roster.authorities().stream()
                .filter(one -> !(one instanceof Authority.Active) && !(one instanceof Authority.Retired))
                .map(Authority::keyId)
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(world.pick(others));
    }

    void move(Cluster cluster, AuthorityKind kind, String verb, Function<Authorities, Move> move) {
        Authorities authorities = cluster.ca().authorities().orElseThrow();
        cluster.ca().life().run(() -> {
            String outcome = switch (move.apply(authorities)) {
                case Move.Moved moved -> "done, " + world.transcript().name("K", moved.keyId());
                case Move.Refused refused -> "refused " + refused.code();
            };
            world.transcript().say(cluster.name(), "authority %s %s: %s".formatted(verb, kind.text(), outcome));
        });
    }

    /** The key that signs in a cluster now; what a forger would use. */
    static Optional<AuthorityMaterial> signer(Cluster cluster, AuthorityKind kind) {
        return cluster.ca().authorities().map(authorities -> authorities.signer(kind));
    }
}
