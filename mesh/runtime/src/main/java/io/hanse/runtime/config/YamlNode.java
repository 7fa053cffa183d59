/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a YAML document with the place it came from. Immutable; any thread.
 *
 * <p>Read with {@link YamlReader}. Scalars keep their text; what a scalar means is decided by who reads it.
 */
public sealed interface YamlNode {

    /** Where the node starts. */
    Mark mark();

    /** What the node is, in words for a message: {@code text}, {@code a list}. */
    String kind();

    /**
     * A place in a file.
     *
     * @param file as the reader was told it
     * @param line from 1
     * @param column from 1
     */
    record Mark(String file, int line, int column) {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /**
     * A single value.
     *
     * @param text as written, escapes resolved
     * @param type what YAML's JSON schema takes it for
     */
    record Scalar(Mark mark, String text, ScalarType type) implements YamlNode {
        @Override
        public String kind() {
            return type.words;
        }
    }

    /** A list of nodes in the order of the file. */
    record Sequence(Mark mark, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values in the order of the file; a key stands once. */
    record Mapping(Mark mark, List<Entry> entries) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a group of keys";
        }

        /** The value of a key, if the key is there. */
        public Optional<YamlNode> get(String key) {
            return entry(key).map(Entry::value);
        }

        /** The entry of a key, with the place of the key. */
        public Optional<Entry> entry(String key) {
            return entries.stream().filter(e -> e.key().equals(key)).findFirst();
        }

        /** The same as a map in the order of the file. */
        public SequencedMap<String, YamlNode> asMap() {
            SequencedMap<String, YamlNode> map = new LinkedHashMap<>();
            entries.forEach(e -> map.put(e.key(), e.value()));
            return Collections.unmodifiableSequencedMap(map);
        }
    }

    /** A key, where it stands, and its value. */
    record Entry(Mark keyMark, String key, YamlNode value) {}

    /** What the JSON schema of YAML 1.2 takes a scalar for. */
    enum ScalarType {
        TEXT("text"),
        INTEGER("a whole number"),
        DECIMAL("a decimal number"),
        FLAG("true or false"),
        NOTHING("nothing");

        private final String words;

        ScalarType(String words) {
            this.words = words;
        }
    }

    /**
     * The node as plain Java values: String, Long or java.math.BigInteger, Double, Boolean, null for nothing, List, Map.
     * For handing a manifest to a JSON mapper.
     */
    default @Nullable Object plain() {
        return switch (this) {
            case Scalar scalar -> PlainValues.of(scalar);
            case Sequence sequence -> PlainValues.of(sequence);
            case Mapping mapping -> PlainValues.of(mapping);
        };
    }

    /** Empty mapping at a place: what an absent section is. */
    static Mapping nothingAt(Mark mark) {
        return new Mapping(mark, List.of());
    }
}
