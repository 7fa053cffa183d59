/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.SystemScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
        return last();
    }

    private Manifests last() {
        List<Manifests> all = new ArrayList<>();
        published.drainTo(all);
        return all.getLast();
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

    /** As {@code (sleep 1; cat new) > p.yaml} does: emptied, and a moment later written. */
    @Test
    void aFileThatIsEmptiedKeepsItsObjectsUntilItIsWrittenAgain() throws IOException {
        String two = GOOD.formatted("a") + "---\n" + GOOD.formatted("b");
        write("p.yaml", two);
        try (DirectorySource source = started()) {
            write("p.yaml", "");
            Manifests emptied = next();
            assertThat(keys(emptied)).containsExactly("a", "b");
            assertThat(emptied.problems())
                    .extracting(Problem::toString)
                    .containsExactly("p.yaml:1: empty; what it declared before stays (delete the file to remove that)");
            write("p.yaml", two.replace("80", "8080"));
            Manifests whole = next();
            assertThat(keys(whole)).containsExactly("a", "b");
            assertThat(whole.problems()).isEmpty();
            assertThat(published).isEmpty();
            assertThat(source).isNotNull();
        }
    }

    @Test
    void aChangeIsReadOnceTwoLooksFoundItTheSame() throws IOException {
        ManifestFolder folder = new ManifestFolder(directory, new LastGood(state));
        String two = GOOD.formatted("a") + "---\n" + GOOD.formatted("b");
        write("p.yaml", two);
        Manifests before = folder.read();
        assertThat(keys(before)).containsExactly("a", "b");
        assertThat(folder.isUnsettled()).isFalse();
        for (String piece : List.of(GOOD.formatted("a"), two.replace("80", "8080"))) {
            write("p.yaml", piece);
            write("new.yaml", piece);
            assertThat(folder.read()).isEqualTo(before);
            assertThat(folder.isUnsettled()).isTrue();
        }
        assertThat(keys(folder.read())).containsExactly("a", "b");
        assertThat(folder.read()).isNotEqualTo(before);
        assertThat(folder.isUnsettled()).isFalse();
    }

    @Test
    void anEmptiedFileKeepsItsObjectsOverARestart() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        started().close();
        write("a.yaml", "# nothing left\n");
        for (int start = 0; start < 2; start++) {
            started().close();
            assertThat(keys(last())).containsExactly("a");
        }
        write("fresh.yaml", "# nothing yet\n");
        started().close();
        assertThat(last().problems())
                .extracting(problem -> problem.place().file())
                .containsExactly("a.yaml");
    }

    @Test
    void aStartWithoutTheFolderServesWhatWasGood() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("sub/b.yaml", GOOD.formatted("b"));
        started().close();
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        try (DirectorySource source = started()) {
            Manifests kept = last();
            assertThat(keys(kept)).containsExactly("a", "b");
            assertThat(kept.objects())
                    .extracting(object -> object.place().toString())
                    .containsExactly("a.yaml:1", "sub/b.yaml:1");
            assertThat(kept.problems())
                    .extracting(Problem::message)
                    .containsExactly("no such directory; what was read before stays (create it)");
            Files.move(away, directory);
            Files.delete(directory.resolve("a.yaml"));
            Manifests back = next();
            assertThat(keys(back)).containsExactly("b");
            assertThat(back.problems()).isEmpty();
            assertThat(source).isNotNull();
        }
    }

    @Test
    void whatWasDeletedBetweenTwoRunsNeverComesBack() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        started().close();
        Files.delete(directory.resolve("a.yaml"));
        started().close();
        write("a.yaml", "kind: [\n");
        started().close();
        Manifests manifests = last();
        assertThat(manifests.objects()).isEmpty();
        assertThat(manifests.problems()).singleElement().asString().startsWith("a.yaml:");
    }

    @Test
    void aFolderThatCannotBeFollowedCostsNothingElse() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("sub/b.yaml", GOOD.formatted("b"));
        Files.createSymbolicLink(directory.resolve("sub/around"), directory);
        try (DirectorySource source = started()) {
            Manifests first = last();
            assertThat(keys(first)).containsExactly("a", "b");
            assertThat(first.problems())
                    .singleElement()
                    .asString()
                    .endsWith("around:1: leads back to a folder around it and is not followed");
            write("sub/b.yaml", GOOD.formatted("c"));
            assertThat(keys(next())).containsExactly("a", "c");
            assertThat(source).isNotNull();
        }
    }

    @Test
    void aFolderThatCannotBeListedKeepsItsOwnOverARestartToo() throws IOException {
        write("a.yaml", GOOD.formatted("a"));
        write("sub/b.yaml", GOOD.formatted("b"));
        started().close();
        Path sub = directory.resolve("sub");
        Files.setPosixFilePermissions(sub, Set.of());
        assumeFalse(Files.isReadable(sub), "root reads everything");
        try {
            write("a.yaml", GOOD.formatted("c"));
            started().close();
            Manifests manifests = last();
            assertThat(keys(manifests)).containsExactly("c", "b");
            assertThat(manifests.problems()).singleElement().asString().contains("cannot list the directory");
        } finally {
            Files.setPosixFilePermissions(sub, PosixFilePermissions.fromString("rwx------"));
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
