/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {

    /** How long a child JVM may take on a busy machine. */
    private static final long CHILD_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void replacesTheWholeFileAndLeavesOnlyItsOwnerIn() throws IOException {
        Path file = directory.resolve("deep/er/state.json");
        DurableFile.write(file, bytes("a longer first content"));
        DurableFile.write(file, bytes("second"));

        assertThat(Files.readString(file)).isEqualTo("second");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(parent(file))).isEqualTo("rwx------");
        assertThat(names(parent(file))).containsExactly("state.json");
    }

    @Test
    void aSealedFileComesBackAsItWasWrittenAndNotIfAnythingChanged() throws IOException {
        Path file = directory.resolve("kept.bin");
        assertThat(SealedFile.readIfPresent(file, 10)).isEmpty();
        SealedFile.write(file, bytes("content"));
        assertThat(SealedFile.readIfPresent(file, 7)).hasValue(bytes("content"));

        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] bent = whole.clone();
            bent[at] ^= 1;
            Files.write(file, bent);
            assertThatThrownBy(() -> SealedFile.readIfPresent(file, 100))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("SHA-256");
            Files.write(file, Arrays.copyOf(whole, at));
            assertThatThrownBy(() -> SealedFile.readIfPresent(file, 100)).isInstanceOf(StateException.class);
        }
    }

    @Test
    void aPassableDirectoryCanBePassedByAllAndListedByItsOwnerOnly() throws IOException {
        Path made = PassableDirectory.create(directory.resolve("sockets/a"));

        assertThat(mode(made)).isEqualTo("rwx--x--x");
        assertThat(mode(parent(made))).isEqualTo("rwx--x--x");

        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(mode(PassableDirectory.create(made))).isEqualTo("rwx--x--x");
    }

    @Test
    void namesTheFirstFolderThatOthersCannotPass() throws IOException {
        Path made = PassableDirectory.create(directory.resolve("sockets/a"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));

        assertThat(PassableDirectory.obstacle(made)).hasValue(directory.toRealPath());

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        assertThat(PassableDirectory.obstacle(made)).isNotEqualTo(Optional.of(directory.toRealPath()));
    }

    @Test
    void doesNotOpenADirectoryThatOthersLiveIn() {
        assertThatThrownBy(() -> PassableDirectory.create(Path.of("/tmp")))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("others use too");
    }

    @Test
    void writesOverATemporaryFileThatACrashLeft() throws IOException {
        Files.writeString(directory.resolve(".state.tmp"), "half");

        DurableFile.write(directory.resolve("state"), bytes("whole"));

        assertThat(names(directory)).containsExactly("state");
    }

    @Test
    void readsNothingWhereNothingIsAndRefusesWhatIsTooLong() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "12345");

        assertThat(DurableFile.readIfPresent(directory.resolve("absent"), 10)).isEmpty();
        assertThat(DurableFile.readIfPresent(file, 5)).hasValue(bytes("12345"));
        assertThatThrownBy(() -> DurableFile.readIfPresent(file, 4))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("longer than 4 bytes");
        DurableFile.write(file, bytes("1234"), 4);
        assertThatThrownBy(() -> DurableFile.write(file, bytes("12345"), 4))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("5 bytes (expected: at most 4)");
        assertThat(file).hasContent("1234");
    }

    @Test
    void deletesTwiceWithoutComplaint() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");

        DurableFile.delete(file);
        DurableFile.delete(file);

        assertThat(file).doesNotExist();
    }

    @Test
    void saysWhereAndWhyAWriteIsRefused() {
        Path refused = Path.of("/sys/kernel/hanse.state");

        assertThatThrownBy(() -> DurableFile.write(refused, bytes("x")))
                .isInstanceOfSatisfying(StateException.class, e -> {
                    assertThat(e).hasMessageStartingWith("/sys/kernel/hanse.state: cannot write: ");
                    assertThat(e.next()).contains("/sys/kernel");
                });
    }

    @Test
    void namesTheUserWhoMayNotWrite() {
        IOException denied = new AccessDeniedException("/var/lib/x");

        assertThat(StateException.of("write", Path.of("/var/lib/x"), denied).next())
                .isEqualTo("let user %s write there: ls -ld /var/lib".formatted(System.getProperty("user.name")));
    }

    @Test
    void keepsTheOldContentAndNothingHalfWrittenWhenTheDiskTakesNoMore() throws Exception {
        Path file = directory.resolve("state");
        DurableFile.write(file, bytes("old"));

        String said = child("ulimit -f 64; exec", LargeWriter.class, file.toString());

        assertThat(said).contains(file + ": cannot write: File too large").contains("next: raise this user's");
        assertThat(Files.readString(file)).isEqualTo("old");
        assertThat(names(directory)).containsExactly("state");
    }

    @Test
    void refusesToCloseADirectoryThatOthersUse() {
        assertThatThrownBy(() -> PrivateDirectory.create(Path.of("/tmp")))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("others use");
    }

    @Test
    void refusesAFileWhereADirectoryBelongs() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");

        assertThatThrownBy(() -> PrivateDirectory.create(file)).hasMessageContaining("a file stands where");
        assertThatThrownBy(() -> PrivateDirectory.create(file.resolve("below"))).isInstanceOf(StateException.class);
    }

    @Test
    void tightensADirectoryOfItsOwn() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(mode(PrivateDirectory.create(open))).isEqualTo("rwx------");
    }

    @Test
    void keepsASecondProcessOutAndNamesTheFirst() throws Exception {
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            assertThat(lock).isNotNull();
            String said = child("exec", LockTaker.class, directory.toString());

            assertThat(said)
                    .contains("another process (pid %d) uses this directory"
                            .formatted(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> DirectoryLock.acquire(directory))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("this process");
            assertThat(child("exec", LockTaker.class, directory.toString()))
                    .as("the refusal inside the process did not drop its lock")
                    .contains("uses this directory");
        }
    }

    @Test
    void letsTheNextProcessInWhenTheFirstHasEnded() throws Exception {
        assertThat(child("exec", LockTaker.class, directory.toString())).contains("taken");
        assertThat(child("exec", LockTaker.class, directory.toString())).contains("taken");
    }

    /** Writes more than its file size limit allows. */
    static final class LargeWriter {
        private LargeWriter() {}

        public static void main(String[] args) {
            try {
                DurableFile.write(Path.of(args[0]), new byte[1 << 20]);
            } catch (StateException e) {
                System.out.println(e.getMessage() + "\nnext: " + e.next());
            }
        }
    }

    /** Takes a lock and ends. */
    static final class LockTaker {
        private LockTaker() {}

        public static void main(String[] args) {
            try (DirectoryLock lock = DirectoryLock.acquire(Path.of(args[0]))) {
                System.out.println("taken " + (lock != null));
            } catch (StateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String child(String shell, Class<?> main, String argument) throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        shell + " \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(CHILD_SECONDS, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        }
        return names;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent());
    }
}
