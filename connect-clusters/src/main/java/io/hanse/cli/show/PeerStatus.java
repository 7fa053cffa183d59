/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * One peer as seen from this cluster: it is fine only if both sides trust, the control channel is up, and a probe got
 * through.
 *
 * @param relationship from the exchange
 * @param catalog from the registry
 * @param probes from the node proxies, one each
 * @param nodesHeard whether a node proxy answered; a peer that it tells no probe of was not proved
 */
record PeerStatus(JsonNode relationship, JsonNode catalog, List<JsonNode> probes, boolean nodesHeard) {

    PeerStatus {
        probes = List.copyOf(probes);
    }

    static List<PeerStatus> all(StatusFacts facts) {
        return StreamSupport.stream(facts.relationships().spliterator(), false)
                .map(relationship -> {
                    String trustDomain = relationship.path("trustDomain").asText();
                    List<JsonNode> catalogs = of(trustDomain, facts.registryPeers());
                    return new PeerStatus(
                            relationship,
                            catalogs.isEmpty() ? MissingNode.getInstance() : catalogs.getFirst(),
                            of(trustDomain, facts.nodePeers()),
                            !facts.nodePeers().isMissingNode());
                })
                .toList();
    }

    private static List<JsonNode> of(String trustDomain, JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(node -> trustDomain.equals(node.path("trustDomain").asText()))
                .toList();
    }

    String name() {
        String cluster = relationship.path("cluster").asText("");
        return cluster.isEmpty() ? relationship.path("trustDomain").asText("?") : cluster;
    }

    Table.Cell trustCell() {
        boolean ours = relationship.path("weTrustThem").asBoolean(true);
        boolean theirs = relationship.path("theyTrustUs").asBoolean(true);
        if (ours && theirs) {
            return new Table.Cell("both directions", Tone.GOOD);
        }
        return new Table.Cell(ours ? "we -> them only" : theirs ? "they -> us only" : "neither", Tone.BAD);
    }

    Table.Cell bundleCell(Times times) {
        String age = AuthorityLine.instant(relationship.path("refreshedAt"))
                .map(times::ago)
                .orElse("never");
        String text = "seq %s, %s".formatted(relationship.path("sequence").asText("-"), age);
        return bundleError().isEmpty() ? new Table.Cell(text, Tone.PLAIN) : new Table.Cell(text + " !", Tone.DOUBTFUL);
    }

    Table.Cell controlCell(Times times) {
        String since = AuthorityLine.instant(catalog.path("connectedSince"))
                .map(times::since)
                .orElse("");
        return controlUp()
                ? new Table.Cell(("up " + since).strip(), Tone.GOOD)
                : new Table.Cell(("down " + since).strip() + " !", Tone.BAD);
    }

    Table.Cell dataPathCell(Times times) {
        if (probes.isEmpty()) {
            return new Table.Cell("no probe", Tone.DOUBTFUL);
        }
        JsonNode probe = worst();
        String at = AuthorityLine.instant(probe.path("at")).map(times::ago).orElse("never");
        return probe.path("ok").asBoolean()
                ? new Table.Cell(
                        String.format(
                                Locale.ROOT,
                                "%.1f ms, %s",
                                probe.path("rttMillis").asDouble(),
                                at),
                        Tone.GOOD)
                : new Table.Cell("failed, " + at + " !", Tone.BAD);
    }

    String exports() {
        return catalog.path("exportsToPeer").path("count").asText("-");
    }

    String imports() {
        int withdrawn = catalog.path("withdrawn").asInt();
        return catalog.path("importsFromPeer").path("count").asText("-")
                + (withdrawn > 0 ? " (" + withdrawn + " withdrawn)" : "");
    }

    List<StatusView.Finding> findings(Times times) {
        List<StatusView.Finding> found = new ArrayList<>();
        if (!trustCell().tone().equals(Tone.GOOD)) {
            found.add(new StatusView.Finding(
                    name(), "trust holds in one direction only", "connect-clusters disconnect " + name()));
        }
        if (!bundleError().isEmpty()) {
            found.add(new StatusView.Finding(
                    name(),
                    "its bundle could not be refreshed: %s; the last good one stays in force".formatted(bundleError()),
                    "connect-clusters bundle show"));
        }
        if (!controlUp()) {
            found.add(new StatusView.Finding(
                    name(),
                    "its registry is not reached: %s; its endpoints are withdrawn when their lease runs out"
                            .formatted(catalog.path("lastError").asText("no answer")),
                    "ask its operator whether the control plane and gateway run"));
        }
        if (isHeldDown()) {
            found.add(new StatusView.Finding(
                    name(),
                    "it was lost %s times lately; its endpoints are back at %s if it stays until then"
                            .formatted(
                                    catalog.path("losses").asText(),
                                    catalog.path("heldUntil").asText()),
                    "ask its operator why its control plane comes and goes"));
        }
        if (probes.isEmpty() && nodesHeard) {
            found.add(new StatusView.Finding(
                    name(), "no probe went through its gateway yet", "connect-clusters status, in half a minute"));
        }
        if (!probes.isEmpty() && !worst().path("ok").asBoolean()) {
            found.add(new StatusView.Finding(
                    name(),
                    "no probe gets through its gateway: %s"
                            .formatted(worst().path("error").asText("no answer")),
                    "connect-clusters explain <client> <service:port>"));
        }
        return found;
    }

    ObjectNode json() {
        ObjectNode peer = JsonNodeFactory.instance.objectNode();
        peer.put("cluster", name());
        peer.put("trustDomain", relationship.path("trustDomain").asText());
        peer.set("relationship", relationship);
        peer.set("catalog", catalog.isMissingNode() ? JsonNodeFactory.instance.nullNode() : catalog);
        probes.forEach(peer.putArray("probes")::add);
        return peer;
    }

    private boolean controlUp() {
        String state = catalog.path("state").asText("");
        return state.equals("connected") || state.equals("elsewhere") || isHeldDown();
    }

    private boolean isHeldDown() {
        return catalog.path("state").asText("").equals("held-down");
    }

    private String bundleError() {
        return relationship.path("error").asText("");
    }

    private JsonNode worst() {
        return probes.stream()
                .filter(probe -> !probe.path("ok").asBoolean())
                .findFirst()
                .orElseGet(probes::getFirst);
    }
}
