/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** YAML nodes as plain Java values. */
final class PlainValues {

    /** A long holds every number of this many digits. */
    private static final int LONG_DIGITS = 18;

    private PlainValues() {}

    static @Nullable Object of(YamlNode.Scalar scalar) {
        String text = scalar.text();
        return switch (scalar.type()) {
            case TEXT -> text;
            case INTEGER -> text.length() <= LONG_DIGITS ? (Object) Long.valueOf(text) : new BigInteger(text);
            case DECIMAL -> Double.valueOf(text);
            case FLAG -> Boolean.valueOf(text);
            case NOTHING -> null;
        };
    }

    static List<@Nullable Object> of(YamlNode.Sequence sequence) {
        List<@Nullable Object> list = new ArrayList<>();
        sequence.items().forEach(item -> list.add(item.plain()));
        return list;
    }

    static Map<String, @Nullable Object> of(YamlNode.Mapping mapping) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> map.put(entry.key(), entry.value().plain()));
        return map;
    }
}
