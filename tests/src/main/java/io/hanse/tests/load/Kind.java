/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.util.List;

/**
 * A way of loading a path.
 *
 * @param name what a person asks for with {@code --only}
 * @param shape how the calls follow each other
 * @param connections how many connections, or callers, there are at once
 */
record Kind(String name, Shape shape, int connections) {

    /** How calls follow each other. */
    enum Shape {
        /** Each connection sends its next request when it has the answer to the last one. */
        CLOSED("req/s"),
        /** Requests are due at a fixed rate, whatever the answers do; a late one counts from when it was due. */
        OPEN("req/s"),
        /** A new connection for each request; the server closes it. */
        NEW("conn/s"),
        /** Bytes towards the server, as many as go. */
        UP("GB/s"),
        /** Bytes from the server, as many as come. */
        DOWN("GB/s");

        private final String unit;

        Shape(String unit) {
            this.unit = unit;
        }

        /** What its rate is counted in. */
        String unit() {
            return unit;
        }

        boolean isBulk() {
            return this == UP || this == DOWN;
        }
    }

    /** All, in the order they are measured. */
    static final List<Kind> ALL = List.of(
            new Kind("c1", Shape.CLOSED, 1),
            new Kind("c16", Shape.CLOSED, 16),
            new Kind("c64", Shape.CLOSED, 64),
            new Kind("c512", Shape.CLOSED, 512),
            new Kind("open", Shape.OPEN, 64),
            new Kind("new", Shape.NEW, 16),
            new Kind("up", Shape.UP, 4),
            new Kind("down", Shape.DOWN, 4));
}
