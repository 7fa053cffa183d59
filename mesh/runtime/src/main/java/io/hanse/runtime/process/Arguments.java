/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process is told on its command line.
 *
 * @param config the cluster's file
 * @param node the node of a node-proxy
 * @param exitWithParent end when the process that started this one ends
 */
record Arguments(Path config, Optional<String> node, boolean exitWithParent) {

    /** As long as a DNS label. */
    private static final String NODE_NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    /**
     * Reads the command line.
     *
     * @throws StartException with exit code 64 if it is not understood
     */
    static Arguments parse(String name, List<String> args) {
        Path config = Path.of("cluster.yaml");
        Optional<String> node = Optional.empty();
        boolean exitWithParent = false;
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--config" -> config = Path.of(valueOf(name, args, ++i));
                case "--node" -> node = Optional.of(nodeName(name, valueOf(name, args, ++i)));
                case "--exit-with-parent" -> exitWithParent = true;
                default -> throw wrong(name, "the argument %s is not known".formatted(args.get(i)));
            }
        }
        return new Arguments(config, node, exitWithParent);
    }

    static String usage(String name) {
        return """
                usage: %s [--config cluster.yaml] [--node name] [--exit-with-parent]
                  --config            the cluster's file; default: cluster.yaml in the current directory
                  --node              which node this is, for node-proxy
                  --exit-with-parent  end when the process that started this one ends""".formatted(name);
    }

    private static String valueOf(String name, List<String> args, int index) {
        if (index >= args.size()) {
            throw wrong(name, "the argument %s needs a value".formatted(args.get(index - 1)));
        }
        return args.get(index);
    }

    private static String nodeName(String name, String node) {
        if (!node.matches(NODE_NAME)) {
            throw wrong(name, "node name: %s (expected: 1 to 63 of a-z 0-9 -)".formatted(node));
        }
        return node;
    }

    private static StartException wrong(String name, String what) {
        return new StartException(ExitCode.CONFIG, what, usage(name));
    }
}
