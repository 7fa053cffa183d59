/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.files.StateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of one process's control API. Features add theirs while they are wired; the shell serves them.
 *
 * <p>A pattern is a path whose parts are words or {@code {name}}: {@code /v1/peers/{trustDomain}}. A word beats a name.
 */
public final class ControlApi {

    /** HTTP status (RFC 4918). */
    private static final int INSUFFICIENT_STORAGE = 507;

    private static final Logger log = LoggerFactory.getLogger(ControlApi.class);

    private final List<Route> routes = new CopyOnWriteArrayList<>();

    /** Answers GET of the pattern. */
    public ControlApi get(String pattern, Handler handler) {
        return add("GET", pattern, handler);
    }

    /** Answers POST of the pattern. */
    public ControlApi post(String pattern, Handler handler) {
        return add("POST", pattern, handler);
    }

    /** Answers DELETE of the pattern. */
    public ControlApi delete(String pattern, Handler handler) {
        return add("DELETE", pattern, handler);
    }

    private ControlApi add(String method, String pattern, Handler handler) {
        Route route = Route.of(method, pattern, handler);
        if (routes.stream().anyMatch(other -> other.sameAs(route))) {
            throw new IllegalArgumentException("route: %s %s (expected: one that is free)".formatted(method, pattern));
        }
        routes.add(route);
        return this;
    }

    /**
     * Answers a request as the server would, on the calling thread: for tests of handlers.
     *
     * @param path with its leading slash, not encoded, without query
     */
    public Reply call(String method, String path, Map<String, String> query, String body) {
        return dispatch(method, Route.split(path), query, body);
    }

    Reply dispatch(String method, List<String> path, Map<String, String> query, String body) {
        Route.Match best = null;
        boolean otherMethod = false;
        for (Route route : routes) {
            Optional<Route.Match> match = route.match(path);
            if (match.isEmpty()) {
                continue;
            }
            if (!route.method().equals(method)) {
                otherMethod = true;
            } else if (best == null
                    || match.get().parameters().size() < best.parameters().size()) {
                best = match.get();
            }
        }
        String asked = method + " /" + String.join("/", path);
        if (best == null) {
            return otherMethod
                    ? Reply.problem(405, "method-not-allowed", "this path takes another method", asked, "")
                    : Reply.problem(404, "no-such-path", "there is no such path", asked, "");
        }
        try {
            return best.handler().handle(new Request(best.parameters(), query, body));
        } catch (Refusal refusal) {
            return refusal.problem();
        } catch (StateException e) {
            log.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("next", e.next())
                    .log("what was asked over the control API could not be made durable");
            return Reply.problem(
                    INSUFFICIENT_STORAGE,
                    ReasonCode.STATE_NOT_WRITTEN.name(),
                    "the state could not be written",
                    String.valueOf(e.getMessage()),
                    e.next());
        }
    }
}
