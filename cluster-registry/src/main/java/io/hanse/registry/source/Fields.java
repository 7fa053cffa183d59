/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.runtime.config.YamlNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A group of keys of a document, read key by key. Reading a key makes it known; {@link #finish} reports the keys nobody
 * asked for. A reader that meets a problem notes it and goes on, so that one look finds all. One thread.
 */
final class Fields {

    /** Of one list or map; a document that needs more is not written by a person. */
    private static final int MAX_ITEMS = 10_000;

    /** A scalar and its line. */
    record Text(String value, int line) {}

    private final String path;
    private final YamlNode.Mapping node;
    private final Findings findings;
    private final TreeSet<String> known = new TreeSet<>();

    Fields(String path, YamlNode.Mapping node, Findings findings) {
        this.path = path;
        this.node = node;
        this.findings = findings;
    }

    Place place() {
        return findings.place(node.mark().line());
    }

    boolean has(String key) {
        known.add(key);
        return node.get(key).isPresent();
    }

    boolean isEmpty() {
        return node.entries().isEmpty();
    }

    /** The line of a key, or of the group if the key is not there. */
    int line(String key) {
        return node.entry(key).map(YamlNode.Entry::keyMark).orElse(node.mark()).line();
    }

    void problem(String key, String message) {
        findings.problem(line(key), message);
    }

    void problemAt(int line, String message) {
        findings.problem(line, message);
    }

    void notice(String key, String message) {
        findings.notice(line(key), message);
    }

    /** Keys that mean something to Kubernetes and nothing here. */
    void ignore(String... keys) {
        known.addAll(List.of(keys));
    }

    Optional<Text> text(String key) {
        return value(key).flatMap(value -> scalar(key, value));
    }

    Optional<Text> required(String key) {
        Optional<Text> text = text(key).filter(t -> !t.value().isEmpty());
        if (text.isEmpty() && (!has(key) || value(key).isEmpty())) {
            problem(key, "%s: missing".formatted(pathOf(key)));
        }
        return text;
    }

    Optional<Integer> integer(String key, int least, int most) {
        return text(key).flatMap(text -> number(pathOf(key), text, least, most));
    }

    Optional<Integer> requiredInteger(String key, int least, int most) {
        return required(key).flatMap(text -> number(pathOf(key), text, least, most));
    }

    Optional<Boolean> flag(String key) {
        return text(key).flatMap(text -> switch (text.value()) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> {
                findings.problem(text.line(), "%s: %s (expected: true or false)".formatted(pathOf(key), text.value()));
                yield Optional.empty();
            }
        });
    }

    /** An IP address; names are not resolved. */
    Optional<InetAddress> address(String key, Text text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text.value()));
        } catch (IllegalArgumentException e) {
            findings.problem(text.line(), "%s: %s (expected: an IP address)".formatted(pathOf(key), text.value()));
            return Optional.empty();
        }
    }

    /** A group below this one; an absent one reads as empty. */
    Fields section(String key) {
        Optional<YamlNode> value = value(key);
        if (value.isPresent() && value.get() instanceof YamlNode.Mapping mapping) {
            return new Fields(pathOf(key), mapping, findings);
        }
        value.ifPresent(other -> wrongKind(key, other, "a group of keys"));
        return new Fields(pathOf(key), YamlNode.nothingAt(node.mark()), findings);
    }

    List<Fields> sections(String key) {
        List<Fields> sections = new ArrayList<>();
        for (YamlNode item : items(key)) {
            if (item instanceof YamlNode.Mapping mapping) {
                sections.add(new Fields(pathOf(key) + "[" + sections.size() + "]", mapping, findings));
            } else {
                wrongKind(key, item, "a group of keys");
            }
        }
        return sections;
    }

    /** Groups by number; a key that is no number within bounds is a problem. */
    NavigableMap<Integer, Fields> numberedSections(int least, int most) {
        NavigableMap<Integer, Fields> sections = new TreeMap<>();
        for (YamlNode.Entry entry : node.entries()) {
            known.add(entry.key());
            Optional<Integer> number =
                    number(path, new Text(entry.key(), entry.keyMark().line()), least, most);
            if (entry.value() instanceof YamlNode.Mapping mapping) {
                number.ifPresent(n -> sections.put(n, new Fields(pathOf(entry.key()), mapping, findings)));
            } else {
                wrongKind(entry.key(), entry.value(), "a group of keys");
            }
        }
        return sections;
    }

    /** A list of scalars; empty if the key is not there. */
    List<Text> list(String key) {
        List<Text> texts = new ArrayList<>();
        for (YamlNode item : items(key)) {
            scalar(key, item).ifPresent(texts::add);
        }
        return texts;
    }

    NavigableMap<String, Text> texts(String key) {
        NavigableMap<String, Text> texts = new TreeMap<>();
        Optional<YamlNode> value = value(key);
        if (value.isPresent() && value.get() instanceof YamlNode.Mapping mapping) {
            if (mapping.entries().size() > MAX_ITEMS) {
                problem(key, "%s: more than %d entries".formatted(pathOf(key), MAX_ITEMS));
            }
            mapping.entries().stream()
                    .limit(MAX_ITEMS)
                    .forEach(entry ->
                            scalar(entry.key(), entry.value()).ifPresent(text -> texts.put(entry.key(), text)));
        } else {
            value.ifPresent(other -> wrongKind(key, other, "a group of keys"));
        }
        return texts;
    }

    NavigableMap<String, String> plainTexts(String key) {
        NavigableMap<String, String> plain = new TreeMap<>();
        texts(key).forEach((name, text) -> plain.put(name, text.value()));
        return plain;
    }

    NavigableMap<String, Integer> integers(String key, int least, int most) {
        NavigableMap<String, Integer> numbers = new TreeMap<>();
        texts(key)
                .forEach((name, text) -> number(pathOf(key) + "." + name, text, least, most)
                        .ifPresent(number -> numbers.put(name, number)));
        return numbers;
    }

    /** Reports every key that was neither read nor ignored. */
    void finish() {
        for (YamlNode.Entry entry : node.entries()) {
            if (!known.contains(entry.key())) {
                findings.problem(
                        entry.keyMark().line(),
                        "unknown key %s%s".formatted(pathOf(entry.key()), Nearest.hint(entry.key(), known)));
            }
        }
    }

    /** For keys that are known and cannot be enforced: refuses each that is there. */
    void refuse(String why, String... keys) {
        for (String key : keys) {
            known.add(key);
            if (has(key)) {
                problem(key, "%s: %s".formatted(pathOf(key), why));
            }
        }
    }

    private Optional<YamlNode> value(String key) {
        known.add(key);
        return node.get(key)
                .filter(value ->
                        !(value instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.ScalarType.NOTHING));
    }

    private List<YamlNode> items(String key) {
        Optional<YamlNode> value = value(key);
        if (value.isPresent() && value.get() instanceof YamlNode.Sequence sequence) {
            if (sequence.items().size() > MAX_ITEMS) {
                problem(key, "%s: more than %d items".formatted(pathOf(key), MAX_ITEMS));
            }
            return sequence.items().stream().limit(MAX_ITEMS).toList();
        }
        value.ifPresent(other -> wrongKind(key, other, "a list"));
        return List.of();
    }

    private Optional<Text> scalar(String key, YamlNode value) {
        if (value instanceof YamlNode.Scalar scalar) {
            return Optional.of(new Text(scalar.text(), scalar.mark().line()));
        }
        wrongKind(key, value, "text");
        return Optional.empty();
    }

    private Optional<Integer> number(String what, Text text, int least, int most) {
        try {
            int number = Integer.parseInt(text.value());
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // The message below names the law for both kinds of refusal.
        }
        findings.problem(text.line(), "%s: %s (expected: %d to %d)".formatted(what, text.value(), least, most));
        return Optional.empty();
    }

    private void wrongKind(String key, YamlNode given, String expected) {
        findings.problem(given.mark().line(), "%s: %s (expected: %s)".formatted(pathOf(key), given.kind(), expected));
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
