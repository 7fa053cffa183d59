/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method and a path pattern with the handler that answers them. */
record Route(String method, List<String> parts, Handler handler) {

    record Match(Map<String, String> parameters, Handler handler) {}

    Route {
        parts = List.copyOf(parts);
    }

    static Route of(String method, String pattern, Handler handler) {
        if (!pattern.matches("(/([a-z0-9.-]+|\\{[a-zA-Z]+\\}))+")) {
            throw new IllegalArgumentException("pattern: %s (expected: /words/{names})".formatted(pattern));
        }
        return new Route(method, split(pattern), handler);
    }

    Optional<Match> match(List<String> given) {
        if (given.size() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (isName(part) && !given.get(i).isEmpty()) {
                parameters.put(part.substring(1, part.length() - 1), given.get(i));
            } else if (!part.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(parameters, handler));
    }

    boolean sameAs(Route other) {
        return method.equals(other.method) && shape().equals(other.shape());
    }

    private List<String> shape() {
        return parts.stream().map(part -> isName(part) ? "{}" : part).toList();
    }

    private static boolean isName(String part) {
        return part.startsWith("{");
    }

    /** The parts between the slashes; none of a path that does not start with one. */
    static List<String> split(String path) {
        return !path.startsWith("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
