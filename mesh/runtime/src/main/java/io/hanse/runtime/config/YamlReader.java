/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 text of one or several documents into {@link YamlNode} trees, bounded in bytes, nodes and depth.
 *
 * <p>Refused with a place: a key that stands twice, a key that is not text, tags of one's own, aliases that blow up,
 * text that is not UTF-8. Empty documents are left out.
 */
public final class YamlReader {

    /** Bytes of one file; a cluster's manifests stay far below, a runaway file does not. */
    public static final int MAX_BYTES = 1 << 20;

    /** Nodes of one file after aliases are followed; about as many as the bytes could spell out in earnest. */
    static final int MAX_NODES = 200_000;

    /** Levels of nesting; Kubernetes objects need about ten. */
    static final int MAX_DEPTH = 64;

    private final String file;
    private int nodes;

    private YamlReader(String file) {
        this.file = file;
    }

    /**
     * Reads all documents of a file.
     *
     * @throws MalformedYaml if the content is not the YAML we take
     * @throws IOException if the file cannot be read
     */
    public static List<YamlNode> readAll(Path path) throws MalformedYaml, IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            String file = path.toString();
            if (bytes.length > MAX_BYTES) {
                throw new MalformedYaml(start(file), "the file is longer than %d bytes".formatted(MAX_BYTES));
            }
            return parseAll(file, decode(file, bytes));
        }
    }

    /**
     * Reads all documents of a text.
     *
     * @param file what marks call the text
     * @throws MalformedYaml if the text is not the YAML we take
     */
    public static List<YamlNode> parseAll(String file, String text) throws MalformedYaml {
        if (text.length() > MAX_BYTES) {
            throw new MalformedYaml(start(file), "the text is longer than %d bytes".formatted(MAX_BYTES));
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MAX_BYTES)
                .setAllowRecursiveKeys(false)
                .setUseMarks(true)
                .build();
        YamlReader reader = new YamlReader(file);
        List<YamlNode> documents = new ArrayList<>();
        try {
            // The composer calls itself for each level, so the depth is bounded before it, by its parser.
            Composer composer = new Composer(
                    settings, new BoundedParser(new ParserImpl(settings, new StreamReader(settings, text)), MAX_DEPTH));
            while (composer.hasNext()) {
                YamlNode document = reader.convert(composer.next(), 0);
                if (!(document instanceof YamlNode.Scalar scalar) || scalar.type() != YamlNode.ScalarType.NOTHING) {
                    documents.add(document);
                }
            }
        } catch (MarkedYamlEngineException e) {
            throw new MalformedYaml(reader.mark(e.getProblemMark()), oneLine(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new MalformedYaml(start(file), oneLine(String.valueOf(e.getMessage())));
        }
        return List.copyOf(documents);
    }

    private static String decode(String file, byte[] bytes) throws MalformedYaml {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedYaml(start(file), "the file is not UTF-8 text");
        }
    }

    private YamlNode convert(Node node, int depth) throws MalformedYaml {
        YamlNode.Mark mark = mark(node.getStartMark());
        if (depth > MAX_DEPTH) {
            throw new MalformedYaml(mark, "nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        if (++nodes > MAX_NODES) {
            throw new MalformedYaml(mark, "more than %d values, aliases included".formatted(MAX_NODES));
        }
        return switch (node) {
            case ScalarNode scalar -> new YamlNode.Scalar(mark, scalar.getValue(), type(scalar, mark));
            case SequenceNode sequence -> {
                List<YamlNode> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new YamlNode.Sequence(mark, items);
            }
            case MappingNode mapping -> new YamlNode.Mapping(mark, entries(mapping, depth));
            default -> throw new MalformedYaml(mark, "an alias to a node around itself");
        };
    }

    private List<YamlNode.Entry> entries(MappingNode mapping, int depth) throws MalformedYaml {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlNode.Mark keyMark = mark(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new MalformedYaml(keyMark, "a key that is not text");
            }
            if (!seen.add(key.getValue())) {
                throw new MalformedYaml(keyMark, "the key '%s' stands here a second time".formatted(key.getValue()));
            }
            entries.add(new YamlNode.Entry(keyMark, key.getValue(), convert(tuple.getValueNode(), depth + 1)));
        }
        return entries;
    }

    private static YamlNode.ScalarType type(ScalarNode scalar, YamlNode.Mark mark) throws MalformedYaml {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return YamlNode.ScalarType.TEXT;
        } else if (tag.equals(Tag.INT)) {
            return YamlNode.ScalarType.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            return YamlNode.ScalarType.DECIMAL;
        } else if (tag.equals(Tag.BOOL)) {
            return YamlNode.ScalarType.FLAG;
        } else if (tag.equals(Tag.NULL)) {
            return YamlNode.ScalarType.NOTHING;
        }
        throw new MalformedYaml(mark, "the tag %s (expected: plain text, numbers, true or false)".formatted(tag));
    }

    private YamlNode.Mark mark(Optional<org.snakeyaml.engine.v2.exceptions.Mark> mark) {
        return mark.map(m -> new YamlNode.Mark(file, m.getLine() + 1, m.getColumn() + 1))
                .orElseGet(() -> start(file));
    }

    private static YamlNode.Mark start(String file) {
        return new YamlNode.Mark(file, 1, 1);
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse("not YAML");
    }
}
