/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What {@code status} shows: a headline, a line per peer, and every problem with what to run next. */
public final class StatusView {

    private static final int VERSION = 1;

    private final StatusFacts facts;
    private final Times times;
    private final List<PeerStatus> peers;
    private final List<Finding> problems;

    public StatusView(StatusFacts facts, Times times) {
        this.facts = facts;
        this.times = times;
        this.peers = PeerStatus.all(facts);
        this.problems = findings();
    }

    /**
     * Something that is wrong, and what to run next.
     *
     * @param since when it began, if that was told
     */
    public record Finding(String object, String what, Optional<Instant> since, String next) {

        Finding(String object, String what, String next) {
            this(object, what, Optional.empty(), next);
        }
    }

    /** Everything that is wrong; empty means fine. */
    public List<Finding> problems() {
        return List.copyOf(problems);
    }

    /** The lines for people. */
    public List<String> lines(Screen screen) {
        List<String> lines = new ArrayList<>();
        lines.add(headline());
        lines.add("");
        if (facts.relationships().isMissingNode()) {
            lines.add("peers unknown: trust-bundle-exchange was not heard");
        } else if (peers.isEmpty()) {
            lines.add("no peers. Next: connect-clusters invite <cluster>, or accept an invitation");
        } else {
            Table table = new Table("PEER", "TRUST", "BUNDLE", "CONTROL", "DATA PATH", "EXPORTS", "IMPORTS");
            peers.forEach(peer -> table.row(
                    peer.name(),
                    peer.trustCell(),
                    peer.bundleCell(times),
                    peer.controlCell(times),
                    peer.dataPathCell(times),
                    peer.exports(),
                    peer.imports()));
            lines.addAll(table.lines(!screen.tinted(Tone.GOOD, "x").equals("x")));
        }
        for (Finding problem : problems) {
            lines.add("");
            String lasts = problem.since()
                    .map(since -> " (for %s)".formatted(times.since(since)))
                    .orElse("");
            lines.add(screen.tinted(Tone.BAD, problem.object()) + ": " + problem.what() + lasts);
            if (!problem.next().isEmpty()) {
                lines.add(" ".repeat(problem.object().length() + 2) + "Next: " + problem.next());
            }
        }
        for (String notice : remarks(false)) {
            lines.add("");
            lines.add("notice: " + notice);
        }
        return lines;
    }

    /** The stable document. */
    public ObjectNode json() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("version", VERSION).put("cluster", facts.cluster()).put("trustDomain", facts.trustDomain());
        document.put("fine", problems.isEmpty());
        document.set("authority", facts.ca());
        if (facts.relationships().isMissingNode()) {
            document.putNull("peers");
        } else {
            ArrayNode list = document.putArray("peers");
            peers.forEach(peer -> list.add(peer.json()));
        }
        ArrayNode found = document.putArray("problems");
        problems.forEach(problem -> {
            ObjectNode one = found.addObject().put("object", problem.object()).put("what", problem.what());
            problem.since().ifPresent(since -> one.put("since", since.toString()));
            one.put("next", problem.next());
        });
        remarks(false).forEach(document.putArray("notices")::add);
        return document;
    }

    private static Finding ofProcess(JsonNode told) {
        JsonNode problem = told.path("problem");
        return new Finding(
                told.path("process").asText(),
                "%s: %s"
                        .formatted(
                                problem.path("task").asText(),
                                problem.path("what").asText()),
                AuthorityLine.instant(problem.path("since")),
                problem.path("next").asText());
    }

    /** What is said of the manifests: problems, or notices. */
    private List<String> remarks(boolean problems) {
        return StreamSupport.stream(facts.manifestProblems().spliterator(), false)
                .filter(remark -> ServiceTable.isProblem(remark) == problems)
                .map(ServiceTable::problem)
                .toList();
    }

    private String headline() {
        return "%s (%s)   %s".formatted(facts.cluster(), facts.trustDomain(), new AuthorityLine(facts).text(times));
    }

    private List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        facts.silent().forEach(silent -> found.add(new Finding(facts.cluster(), silent.sentence(), silent.next())));
        facts.processProblems().forEach(told -> found.add(ofProcess(told)));
        remarks(true)
                .forEach(problem -> found.add(new Finding(
                        "manifests", problem, "correct the file; the last good state of it stays in force")));
        facts.listeners()
                .forEach(listener -> found.add(new Finding(
                        listener.path("process").asText(),
                        "%s: %s"
                                .formatted(
                                        listener.path("address").asText(),
                                        listener.path("why").asText()),
                        "free the address, or name another one in the manifest; it is tried again every 10s")));
        peers.forEach(peer -> found.addAll(peer.findings(times)));
        return found;
    }
}
