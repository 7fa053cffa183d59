/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import io.hanse.model.cluster.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A group of keys of the configuration file. Reading a key makes it known; {@link #finish} reports every problem of the
 * file at once, unknown keys of all sections opened so far among them.
 *
 * <p>A reader that meets a problem notes it and returns the fallback, so that the next problem is found too: nothing
 * read may be used before {@link #finish} has returned. Used on one thread.
 */
public final class Section {

    private final String name;
    private final YamlNode.Mapping node;
    private final boolean present;
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();
    private final Map<String, Section> children = new HashMap<>();
    private final List<Predicate<String>> knownElsewhere = new ArrayList<>();

    private Section(String name, YamlNode.Mapping node, boolean present, Problems problems) {
        this.name = name;
        this.node = node;
        this.present = present;
        this.problems = problems;
    }

    static Section top(YamlNode.Mapping node, Problems problems) {
        Section section = new Section("", node, true, problems);
        problems.opened(section);
        return section;
    }

    /** Whether the file has this section. */
    public boolean present() {
        return present;
    }

    /** The keys and values themselves, for content that is not read key by key. */
    public YamlNode.Mapping node() {
        return node;
    }

    /** The file it stands in. */
    public Path file() {
        return problems.file();
    }

    /** The text of a key, if it is there. */
    public Optional<String> text(String key) {
        return scalar(key, "text").map(YamlNode.Scalar::text);
    }

    /** The text of a key. */
    public String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    /** The text of a key that must be there; empty text once its absence is noted. */
    public String required(String key) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            missing(key);
        }
        return text.orElse("");
    }

    /** The value of a key that must be there, parsed; a fallback once the problem is noted. */
    public <T> T required(String key, Function<String, T> parser, T placeholder) {
        if (node.get(key).isEmpty()) {
            known.add(key);
            missing(key);
            return placeholder;
        }
        return value(key, parser).orElse(placeholder);
    }

    /** The value of a key, parsed by a function that refuses with IllegalArgumentException. */
    public <T> Optional<T> value(String key, Function<String, T> parser) {
        return scalar(key, "text").flatMap(scalar -> parsed(key, scalar, parser));
    }

    /** The value of a key, parsed by a function that refuses with IllegalArgumentException. */
    public <T> T value(String key, Function<String, T> parser, T fallback) {
        return value(key, parser).orElse(fallback);
    }

    /** A duration such as {@code 500ms}, {@code 10s}, {@code 1h30m}. */
    public Duration duration(String key, Duration fallback) {
        return value(key, DurationText::parse, fallback);
    }

    /** A duration within bounds, both ends allowed. */
    public Duration duration(String key, Duration fallback, Duration least, Duration most) {
        return value(
                key,
                text -> {
                    Duration duration = DurationText.parse(text);
                    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                        throw new IllegalArgumentException("duration: %s (expected: %s to %s)"
                                .formatted(text, DurationText.format(least), DurationText.format(most)));
                    }
                    return duration;
                },
                fallback);
    }

    /** An address {@code host:port}. */
    public HostPort address(String key, HostPort fallback) {
        return value(key, HostPort::parse, fallback);
    }

    /** An address {@code host:port}, if the key is there. */
    public Optional<HostPort> address(String key) {
        return value(key, HostPort::parse);
    }

    /** A whole number within bounds, both ends allowed. */
    public int integer(String key, int fallback, int least, int most) {
        return value(
                key,
                text -> {
                    try {
                        int number = Integer.parseInt(text);
                        if (number >= least && number <= most) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        // The message below names the law for both kinds of refusal.
                    }
                    throw new IllegalArgumentException("number: %s (expected: %d to %d)".formatted(text, least, most));
                },
                fallback);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean fallback) {
        return value(
                key,
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("flag: %s (expected: true or false)".formatted(text));
                },
                fallback);
    }

    /** One constant of an enum, written in lower case with {@code -} for {@code _}. */
    public <E extends Enum<E>> E oneOf(String key, E fallback) {
        Class<E> type = fallback.getDeclaringClass();
        return value(
                key,
                text -> {
                    List<String> names = new ArrayList<>();
                    for (E constant : type.getEnumConstants()) {
                        String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
                        if (word.equals(text)) {
                            return constant;
                        }
                        names.add(word);
                    }
                    throw new IllegalArgumentException(
                            "%s (expected: one of %s)".formatted(text, String.join(", ", names)));
                },
                fallback);
    }

    /** A path, relative ones taken from the directory of the file. */
    public Optional<Path> path(String key) {
        return value(key, this::resolve);
    }

    /** A path, relative ones (the fallback too) taken from the directory of the file. */
    public Path path(String key, String fallback) {
        return path(key).orElseGet(() -> resolve(fallback));
    }

    /** A list of texts; empty if the key is not there. */
    public List<String> list(String key) {
        return list(key, text -> text);
    }

    /** A list of values, each parsed by a function that refuses with IllegalArgumentException. */
    public <T> List<T> list(String key, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (YamlNode item : items(key)) {
            switch (item) {
                case YamlNode.Scalar scalar -> parsed(key, scalar, parser).ifPresent(values::add);
                case YamlNode.Sequence other -> wrongKind(key, other, "text");
                case YamlNode.Mapping other -> wrongKind(key, other, "text");
            }
        }
        return Collections.unmodifiableList(values);
    }

    /** A group of keys below this one; an absent one reads as empty. Asked twice, it is the same one. */
    public Section section(String key) {
        Section section = peek(key);
        problems.opened(section);
        return section;
    }

    /** A group of keys that another reader owns: a few keys are read, its other keys are not this reader's business. */
    Section peek(String key) {
        known.add(key);
        return children.computeIfAbsent(key, this::child);
    }

    private Section child(String key) {
        Optional<YamlNode> value = node.get(key);
        if (value.isPresent() && value.get() instanceof YamlNode.Mapping mapping) {
            return new Section(pathOf(key), mapping, true, problems);
        }
        value.filter(v -> !isNothing(v)).ifPresent(v -> wrongKind(key, v, "a group of keys"));
        return new Section(pathOf(key), YamlNode.nothingAt(node.mark()), value.isPresent(), problems);
    }

    /** A list of groups of keys; empty if the key is not there. */
    public List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        for (YamlNode item : items(key)) {
            if (item instanceof YamlNode.Mapping mapping) {
                String path = pathOf(key) + "[" + sections.size() + "]";
                Section section = new Section(path, mapping, true, problems);
                problems.opened(section);
                sections.add(section);
            } else {
                wrongKind(key, item, "a group of keys");
            }
        }
        return List.copyOf(sections);
    }

    /** Keys that other readers own: not unknown here. */
    public Section knownElsewhere(Predicate<String> keys) {
        knownElsewhere.add(keys);
        return this;
    }

    /** A key that is no longer read, and what is said in its place. */
    public Section retired(String key, String heir) {
        known.add(key);
        node.entry(key)
                .ifPresent(entry -> problems.add(
                        entry.keyMark(), "the key '%s' is no longer read".formatted(pathOf(key)), "use " + heir));
        return this;
    }

    /** Notes a problem of a key that only its reader can see, such as two keys that do not go together. */
    public void problem(String key, String what) {
        YamlNode.Mark mark = node.entry(key).map(YamlNode.Entry::keyMark).orElse(node.mark());
        problems.add(mark, "%s: %s".formatted(pathOf(key), what), "");
    }

    /**
     * Ends reading: every problem of the file found so far, unknown keys included, in one report.
     *
     * @throws ConfigException if there is any
     */
    public void finish() {
        problems.throwIfAny();
    }

    void reportUnknownKeys() {
        for (YamlNode.Entry entry : node.entries()) {
            String key = entry.key();
            if (!known.contains(key) && knownElsewhere.stream().noneMatch(keys -> keys.test(key))) {
                String hint = NearestName.of(key, known)
                        .map("did you mean '%s'?"::formatted)
                        .orElseGet(() -> known.isEmpty() ? "" : "known keys: " + String.join(", ", known));
                problems.add(entry.keyMark(), "the key '%s' is not known".formatted(pathOf(key)), hint);
            }
        }
    }

    private Optional<YamlNode.Scalar> scalar(String key, String expected) {
        known.add(key);
        Optional<YamlNode> value = node.get(key);
        if (value.isPresent() && value.get() instanceof YamlNode.Scalar scalar) {
            return isNothing(scalar) ? Optional.empty() : Optional.of(scalar);
        }
        value.ifPresent(v -> wrongKind(key, v, expected));
        return Optional.empty();
    }

    private List<YamlNode> items(String key) {
        known.add(key);
        Optional<YamlNode> value = node.get(key).filter(v -> !isNothing(v));
        if (value.isPresent() && value.get() instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        value.ifPresent(v -> wrongKind(key, v, "a list"));
        return List.of();
    }

    private <T> Optional<T> parsed(String key, YamlNode.Scalar scalar, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
            problems.add(scalar.mark(), "%s: %s".formatted(pathOf(key), e.getMessage()), "");
            return Optional.empty();
        }
    }

    private void missing(String key) {
        problems.add(node.mark(), "the key '%s' is missing".formatted(pathOf(key)), "");
    }

    private void wrongKind(String key, YamlNode given, String expected) {
        problems.add(given.mark(), "%s: %s (expected: %s)".formatted(pathOf(key), given.kind(), expected), "");
    }

    private Path resolve(String text) {
        Path directory = problems.file().toAbsolutePath().getParent();
        Path path = Path.of(text);
        return directory == null ? path : directory.resolve(path).normalize();
    }

    private static boolean isNothing(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.ScalarType.NOTHING;
    }

    private String pathOf(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }
}
