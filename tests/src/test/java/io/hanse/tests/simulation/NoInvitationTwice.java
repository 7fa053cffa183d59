/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.exchange.relationship.PeerDoor;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** An invitation makes one relationship, whoever else holds its text and however often anything crashes. */
final class NoInvitationTwice implements Law {

    private final Map<String, String> usedBy = new HashMap<>();

    @Override
    public void answered(Cluster from, Cluster to, HttpsCall call, HttpsAnswer.Answered answer) {
        if (!answer.isOk() || !PeerDoor.ACCEPT_PATH.equals(call.url().getPath())) {
            return;
        }
        try {
            JsonNode request = Json.mapper().readTree(call.body().orElseThrow().bytes());
            String invitation = request.path("invitation").asText();
            String user = request.path("trustDomain").asText();
            String before = usedBy.putIfAbsent(invitation, user);
            if (before != null && !before.equals(user)) {
                throw broken("an invitation of %s was used by %s and by %s".formatted(to, before, user));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
