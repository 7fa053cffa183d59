/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.authority.Roster;
import io.hanse.ca.keys.SigningKey;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.catalog.Workload;
import io.hanse.registry.catalog.Published;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Plays a script in a league without chance: each command, then what happened, then the exact state of every cluster. The
 * text between is for readers.
 *
 * <p>Commands: {@code league <name>...}; {@code wait <seconds>s}; {@code cut|heal <one> <other>}; {@code <cluster> authority
 * prepare|activate|taint|revoke [--force]}; {@code <cluster> invites <other>}; {@code <cluster> accepts <letter>};
 * {@code <cluster> disconnects <other>}; {@code <cluster> says <service> <annotation>}; {@code <cluster> calls <service>};
 * {@code <cluster> <process> dies}.
 */
final class Golden {

    /** Everything inside a cluster has been heard, a request and its answer have crossed. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private static final String RULE = "----";

    private final World world = new World(1);
    private final League league = new League(world, Plant.NONE, Laws.all((one, other) -> false));
    private final Diplomacy diplomacy = new Diplomacy(league);
    private final Operators operators = new Operators(league);
    private final Map<String, Diplomacy.Letter> letters = new HashMap<>();
    private int told;

    private Golden() {}

    /** The script again, with what happens now in place of what it says. */
    static String play(String script) {
        Golden golden = new Golden();
        List<String> played = new ArrayList<>();
        List<String> lines = script.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            played.add(lines.get(i));
            if (i + 1 < lines.size() && lines.get(i + 1).equals(RULE)) {
                played.add(RULE);
                played.addAll(golden.command(lines.get(i)));
                do {
                    i++;
                } while (i + 1 < lines.size() && !lines.get(i + 1).isBlank());
            }
        }
        return String.join("\n", played) + "\n";
    }

    private List<String> command(String line) {
        List<String> words = List.of(line.split(" ", -1));
        perform(words);
        world.run(SETTLE);
        List<String> all = new ArrayList<>();
        List<String> lines = world.transcript().lines();
        lines.subList(told, lines.size())
                .forEach(one -> all.add(one.substring(one.indexOf(' ') + 1).strip()));
        told = lines.size();
        for (Cluster cluster : league.clusters()) {
            all.addAll(state(cluster));
        }
        return all;
    }

    private void perform(List<String> words) {
        String last = words.getLast();
        switch (words.getFirst()) {
            case "league" -> found(words.subList(1, words.size()));
            case "wait" -> world.run(Duration.parse("PT" + last).minus(SETTLE));
            case "cut" -> league.link(of(words.get(1)), of(last)).cut(Link.Cut.SILENT);
            case "heal" -> league.link(of(words.get(1)), of(last)).heal();
            default -> act(of(words.getFirst()), words.get(1), words.subList(2, words.size()));
        }
    }

    private void found(List<String> names) {
        for (String name : names) {
            league.found(name, Duration.ZERO, Operators.first(league.clusters().size() + 1));
        }
        league.clusters().forEach(Cluster::start);
        league.begin();
    }

    private Cluster of(String name) {
        return league.clusters().stream()
                .filter(cluster -> cluster.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no cluster " + name));
    }

    private void act(Cluster cluster, String verb, List<String> rest) {
        switch (verb) {
            case "authority" -> authority(cluster, rest.getFirst(), rest.contains("--force"));
            case "invites" ->
                diplomacy
                        .write(cluster, of(rest.getFirst()), Optional.empty())
                        .ifPresent(letter -> letters.put("letter" + (letters.size() + 1), letter));
            case "accepts" ->
                diplomacy.accept(
                        cluster,
                        Optional.ofNullable(letters.get(rest.getFirst())).orElseThrow());
            case "disconnects" ->
                diplomacy.disconnect(
                        cluster,
                        league.relationship(cluster, of(rest.getFirst())).orElseThrow());
            case "says" ->
                operators.declare(
                        cluster,
                        cluster.truth()
                                .now()
                                .with(Truth.service(rest.getFirst()), Truth.Annotation.valueOf(rest.getLast())),
                        "says of shop/%s: %s".formatted(rest.getFirst(), rest.getLast()));
            case "calls" -> league.calls().call(cluster, Truth.service(rest.getFirst()));
            default ->
                cluster.machines().stream()
                        .filter(machine -> machine.name.endsWith("/" + verb))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no such deed: " + verb))
                        .crash("", true);
        }
    }

    private void authority(Cluster cluster, String deed, boolean force) {
        AuthorityKind kind = AuthorityKind.X509;
        operators.move(cluster, kind, deed + (force ? " --force" : ""), authorities -> switch (deed) {
            case "prepare" -> authorities.prepare(kind);
            case "activate" -> authorities.activate(kind, Optional.empty(), force);
            case "taint" -> authorities.taint(kind, Optional.empty());
            case "revoke" -> authorities.revoke(kind, Optional.empty(), force);
            default -> throw new IllegalArgumentException("no such deed: " + deed);
        });
    }

    // The state, one line for each thing that there is.

    private List<String> state(Cluster cluster) {
        List<String> lines = new ArrayList<>();
        ExchangeState state = cluster.exchange().state();
        String roots = cluster.ca()
                .image()
                .map(image -> image.x509().authorities().stream()
                        .map(one -> name(one.keyId()) + " " + Roster.stateOf(one))
                        .collect(Collectors.joining(", ")))
                .orElse("away");
        lines.add(line(
                cluster,
                "roots %s; publishes %s"
                        .formatted(roots, state.own().map(this::bundle).orElse("nothing"))));
        state.relationships()
                .values()
                .forEach(one -> lines.add(line(
                        cluster,
                        "%s with %s; trusts %s"
                                .formatted(
                                        one.state().name().toLowerCase(java.util.Locale.ROOT),
                                        one.displayName(),
                                        cluster.proxy()
                                                .trust()
                                                .of(one.trustDomain())
                                                .map(this::bundle)
                                                .orElse("nothing")))));
        state.farewells().keySet().forEach(domain -> lines.add(line(cluster, "has to say farewell to " + domain)));
        String imports = cluster.registry().published().map(Golden::imports).orElse("");
        if (!imports.isEmpty()) {
            lines.add(line(cluster, "imports " + imports));
        }
        return lines;
    }

    private static String line(Cluster cluster, String what) {
        return "  %-7s %s".formatted(cluster, what);
    }

    private static String imports(Published published) {
        return published.image().workloads().values().stream()
                .filter(workload -> workload.remote().isPresent())
                .map(Golden::endpoint)
                .collect(Collectors.joining(", "));
    }

    private static String endpoint(Workload workload) {
        return workload.cluster() + "/" + workload.name();
    }

    private String bundle(TrustBundle bundle) {
        String sequence = bundle.sequence().isPresent() ? bundle.sequence().getAsLong() + " " : "";
        return sequence + bundle.x509Authorities().stream().map(this::name).collect(Collectors.joining(" ", "[", "]"));
    }

    private String name(X509Certificate authority) {
        return name(HexFormat.of().formatHex(SigningKey.keyIdOf(authority.getPublicKey())));
    }

    private String name(String keyId) {
        return world.transcript().name("K", keyId);
    }
}
