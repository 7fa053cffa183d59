/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.SystemScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {

    private static final String GOOD =
            "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {ports: [{port: 80}]}\n";

    @TempDir
    Path directory;

    @TempDir
    Path state;

    private final ManualScheduler scheduler =
            new ManualScheduler(new ManualClock(Instant.parse("2026-11-01T00:00:00Z")));
    private final LinkedBlockingQueue<Manifests> published = new LinkedBlockingQueue<>();

    private DirectorySource started() {
        DirectorySource source = new DirectorySource(directory, state, scheduler);
        source.start(published::add);
        return source;
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(directory.resolve(file).getParent()));
        Files.writeString(directory.resolve(file), text);
    }

    private Manifests next() {
        scheduler.advance(Duration.ofSeconds(6));
        return Objects.requireNonNull(published.poll());
    }

    private static List<String> keys(Manifests manifests) {
        return manifests.objects().stream().map(object -> object.key().name()).toList();
    }

    @Test
    void aBrokenFileKeepsItsLastGoodStateAndOthersStillApply() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("sub/b.yml", GOOD.formatted("b"));
        write("notes.txt", "no manifest");
        try (DirectorySource source = started()) {
            assertThat(keys(Objects.requireNonNull(published.poll()))).containsExactly("a", "b");
            write("a.yaml", GOOD.formatted("a2") + "---\nkind: [\n");
            write("sub/b.yml", GOOD.formatted("b2"));
            Manifests after = next();
            assertThat(keys(after)).containsExactly("a", "b2");
            assertThat(after.problems()).singleElement().asString().startsWith("a.yaml:");
            write("a.yaml", GOOD.formatted("a3"));
            Manifests repaired = next();
            assertThat(keys(repaired)).containsExactly("a3", "b2");
            assertThat(repaired.problems()).isEmpty();
            assertThat(source).isNotNull();
        }
    }

    @Test
    void aFileThatNoStackHoldsIsRefusedAndEverythingElseGoesOn() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("deep.yaml", "[".repeat(4096));
        try (DirectorySource source = started()) {
            Manifests first = Objects.requireNonNull(published.poll());
            assertThat(keys(first)).containsExactly("a");
            assertThat(first.problems())
                    .extracting(Problem::toString)
                    .containsExactly("deep.yaml:1: not YAML: nested deeper than 64 levels");
            write("b.yaml", GOOD.formatted("b"));
            assertThat(keys(next())).containsExactly("a", "b");
            assertThat(source).isNotNull();
        }
    }

    @Test
    void theLastGoodStateSurvivesARestart() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        started().close();
        published.clear();
        write("a.yaml", "apiVersion: v1\nkind: Servce\n");
        started().close();
        Manifests manifests = Objects.requireNonNull(published.poll());
        assertThat(keys(manifests)).containsExactly("a");
        assertThat(manifests.problems())
                .extracting(Problem::toString)
                .containsExactly("a.yaml:2: unknown kind Servce of v1; did you mean Service?");
    }

    @Test
    void aDeletedFileTakesItsObjectsWithIt() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("b.yaml", GOOD.formatted("b"));
        try (DirectorySource source = started()) {
            published.clear();
            Files.delete(directory.resolve("a.yaml"));
            assertThat(keys(next())).containsExactly("b");
            assertThat(source).isNotNull();
        }
    }

    @Test
    void ofTwoObjectsWithOneNameTheFirstIsKept() throws IOException {
        write("a.yaml", GOOD.formatted("x"));
        write("b.yaml", GOOD.formatted("x") + "---\n" + GOOD.formatted("y"));
        started().close();
        Manifests manifests = Objects.requireNonNull(published.poll());
        assertThat(manifests.objects())
                .extracting(object -> object.place().toString())
                .containsExactly("a.yaml:1", "b.yaml:6");
        assertThat(manifests.problems())
                .extracting(Problem::toString)
                .containsExactly("b.yaml:1: Service default/x is declared already at a.yaml:1; the first is kept");
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        write("a.yaml", "#".repeat(ManifestFolder.MAX_FILE_BYTES + 1));
        write("b.yaml", GOOD.formatted("b"));
        started().close();
        Manifests manifests = Objects.requireNonNull(published.poll());
        assertThat(keys(manifests)).containsExactly("b");
        assertThat(manifests.problems())
                .extracting(Problem::toString)
                .containsExactly("a.yaml:1: larger than 1048576 bytes (expected: several smaller files)");
    }

    @Test
    void aMissingDirectoryIsRemarkedUponAndSeenWhenItComes() throws IOException {
        Files.delete(directory);
        try (DirectorySource source = started()) {
            assertThat(Objects.requireNonNull(published.poll()).problems())
                    .singleElement()
                    .extracting(Problem::message)
                    .isEqualTo("no such directory; nothing is served (create it)");
            write("a.yaml", GOOD.formatted("a"));
            assertThat(keys(next())).containsExactly("a");
            assertThat(source).isNotNull();
        }
    }

    @Test
    void anUnchangedDirectoryIsNotPublishedAgain() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        try (DirectorySource source = started()) {
            published.clear();
            scheduler.advance(Duration.ofSeconds(30));
            assertThat(published).isEmpty();
            assertThat(source).isNotNull();
        }
    }

    @Test
    void aChangeIsSeenThroughTheOperatingSystemsHint() throws Exception {
        write("a.yaml", GOOD.formatted("a"));
        BlockingQueue<Manifests> seen = new LinkedBlockingQueue<>();
        try (SystemScheduler real = new SystemScheduler();
                DirectorySource source = new DirectorySource(directory, state, real)) {
            source.start(seen::add);
            assertThat(keys(Objects.requireNonNull(seen.poll()))).containsExactly("a");
            write("a.yaml", GOOD.formatted("c"));
            assertThat(keys(Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS))))
                    .containsExactly("c");
        }
    }
}
