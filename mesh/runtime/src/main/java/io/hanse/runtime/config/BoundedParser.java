/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/** A parser that gives up where a document is nested too deep: what reads its events calls itself for each level. */
final class BoundedParser implements Parser {

    private final Parser parser;
    private final int maxDepth;
    private int depth;

    BoundedParser(Parser parser, int maxDepth) {
        this.parser = parser;
        this.maxDepth = maxDepth;
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> depth++;
            case SequenceEnd, MappingEnd -> depth--;
            case Alias, Comment, DocumentStart, DocumentEnd, Scalar, StreamStart, StreamEnd -> {}
        }
        // The outermost group is at no depth yet.
        if (depth > maxDepth + 1) {
            throw new ParserException("nested deeper than %d levels".formatted(maxDepth), event.getStartMark());
        }
        return event;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
        return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }
}
