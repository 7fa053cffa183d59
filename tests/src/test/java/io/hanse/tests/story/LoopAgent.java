/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import io.hanse.watch.LoopWatch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import reactor.blockhound.BlockHound;

/** The watch of mesh/loop-watch in processes of their own: finds what blocks their event loops. */
final class LoopAgent {

    private static final String SUFFIX = ".blocking";

    private final Path folder;
    private final Path agent;

    /** Puts the agent and its findings into a new folder. */
    LoopAgent(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        copyJarOf(BlockHound.class);
        this.agent = copyJarOf(LoopWatch.class);
    }

    /** The flags of a JVM that is watched. */
    List<String> flags() {
        return List.of("-XX:+AllowRedefinitionToAddDeleteMethods", "-javaagent:%s=%s".formatted(agent, folder));
    }

    /** What was found in each watched process, by process id; empty text if nothing was. */
    Map<Long, String> found() throws IOException {
        Map<Long, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                String pid = file.getFileName().toString().replace(SUFFIX, "");
                found.put(Long.valueOf(pid), Files.readString(file));
            }
        }
        return found;
    }

    /** Its manifest looks for BlockHound beside it. */
    private Path copyJarOf(Class<?> one) throws IOException {
        try {
            Path jar = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException(
                        "%s is no jar: mvn -B -ntp -DskipTests -pl mesh/loop-watch install".formatted(jar));
            }
            return Files.copy(jar, folder.resolve(jar.getFileName()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
