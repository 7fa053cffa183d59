/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.h2.HeaderField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Headers of a CONNECT, without pseudo-headers; names are lower case, the order of equal names is kept.
 *
 * @param values each name's values
 */
public record RequestHeaders(Map<String, List<String>> values) {

    /** No header at all. */
    public static final RequestHeaders NONE = new RequestHeaders(Map.of());

    public RequestHeaders {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        values.forEach((name, each) -> copy.put(name, List.copyOf(each)));
        values = Collections.unmodifiableMap(copy);
    }

    /** Fields as they came. */
    static RequestHeaders from(List<HeaderField> fields) {
        TreeMap<String, List<String>> gathered = new TreeMap<>();
        for (HeaderField each : fields) {
            gathered.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each.value());
        }
        return new RequestHeaders(gathered);
    }

    /** As fields, in order of their names. */
    List<HeaderField> fields() {
        List<HeaderField> fields = new ArrayList<>();
        values.forEach((name, each) -> each.forEach(value -> fields.add(new HeaderField(name, value))));
        return fields;
    }

    /** One value per name. */
    public static RequestHeaders of(Map<String, String> single) {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        single.forEach((name, value) -> copy.put(name, List.of(value)));
        return new RequestHeaders(copy);
    }

    /** The value if the header was sent exactly once; a repeated header has no first one to trust. */
    public Optional<String> single(String name) {
        List<String> found = values.getOrDefault(name, List.of());
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Every value sent under the name. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
