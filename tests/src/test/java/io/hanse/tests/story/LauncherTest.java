/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/connect-clusters}: which Java it takes, where it may lie, when it builds, and what it says if it cannot. */
final class LauncherTest {

    private static final List<String> TOOLS = List.of("/usr/bin", "/bin");
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path checkout = Path.of("");

    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void onAMachineWithoutAnyJdk() throws IOException {
        checkout = Path.of("").toAbsolutePath();
        while (!Files.exists(checkout.resolve("bin/connect-clusters"))) {
            checkout = checkout.resolveSibling("");
        }
        Files.createDirectories(folder.resolve("jdks"));
        Files.createDirectories(folder.resolve("home"));
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("HANSE_JDKS", folder.resolve("jdks").toString());
        environment.put("PATH", toolsWithoutJava());
    }

    @Test
    void takesJava25WhereverItIsAndLeavesAnotherDefaultAlone() throws Exception {
        Path product = installed();
        Path other = jdk("other", "17.0.15");
        environment.put("JAVA_HOME", other.toString());
        environment.put("PATH", other.resolve("bin") + ":" + environment.get("PATH"));
        Files.createSymbolicLink(folder.resolve("jdks/25"), JDK);

        Ended ended = run(product.resolve("bin/connect-clusters"), "--version");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    @Test
    void worksThroughASymlinkFromAnyFolder() throws Exception {
        environment.put("JAVA_HOME", JDK.toString());
        Path link = Files.createSymbolicLink(folder.resolve("cc"), installed().resolve("bin/connect-clusters"));

        assertThat(run(link, "--help").out()).contains("Usage: connect-clusters");
    }

    @Test
    void saysWhichJavaIsMissingAndHowToGetIt() throws Exception {
        environment.put("JAVA_HOME", jdk("other", "17.0.15").toString());

        Ended ended = run(installed().resolve("bin/connect-clusters"), "--version");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err())
                .contains("no JDK 25 found")
                .contains("Next: install one")
                .contains("openjdk-25-jdk");
    }

    @Test
    void saysThatMavenIsMissingBeforeTheFirstBuild() throws Exception {
        environment.put("JAVA_HOME", JDK.toString());

        Ended ended = run(sources().resolve("bin/connect-clusters"), "--version");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err()).contains("Maven is not installed").contains("Next: install Maven");
    }

    @Test
    void buildsOnceWithOneLineAndAgainWhenASourceChanged() throws Exception {
        environment.put("JAVA_HOME", JDK.toString());
        Path sources = sources();
        // The command's own jars alone: what it starts is missing, so the rehearsal is left out.
        Path built = sources.resolve("deploy/distribution/target/hanse/lib");
        maven("mkdir -p '%s'".formatted(built)
                + "; for jar in connect-clusters mesh-model picocli jackson snakeyaml-engine bc; do"
                + " ln -sf '%s'/$jar*.jar '%s'; done".formatted(lib(), built));

        Ended first = run(sources.resolve("bin/connect-clusters"), "--help");
        assertThat(first.err().lines().filter(line -> !line.isEmpty()))
                .satisfiesExactly(
                        line -> assertThat(line).matches("Building \\(first run only\\) \\.+ done in \\S+"),
                        line -> assertThat(line)
                                .matches("Rehearsing \\(quicker starts\\) \\.+ left out, see \\S+/rehearsal.log"));
        assertThat(first.out()).contains("Usage: connect-clusters");

        assertThat(run(sources.resolve("bin/connect-clusters"), "--help").err()).isEmpty();

        Path stamp = sources.resolve("deploy/distribution/target/hanse/built");
        Files.setLastModifiedTime(
                sources.resolve("pom.xml"),
                java.nio.file.attribute.FileTime.from(
                        Files.getLastModifiedTime(stamp).toInstant().plusSeconds(1)));
        assertThat(run(sources.resolve("bin/connect-clusters"), "--help").err())
                .startsWith("Building (sources changed)");
    }

    @Test
    void aBuildThatFailsShowsItsErrorsAndWhereTheRestIs() throws Exception {
        environment.put("JAVA_HOME", JDK.toString());
        Path sources = sources();
        maven("echo '[ERROR] Foo.java:[3,1] missing return statement'; exit 1");

        Ended ended = run(sources.resolve("bin/connect-clusters"), "--help");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err())
                .contains("failed after")
                .contains("[ERROR] Foo.java:[3,1] missing return statement")
                .contains("deploy/distribution/target/hanse/build.log")
                .contains("Next: (cd ");
    }

    @Test
    void aCommandThatWasBuiltForHoldsNoLockWhileItRuns() throws Exception {
        Path sources = sources();
        Path lib = sources.resolve("deploy/distribution/target/hanse/lib");
        maven("mkdir -p '%s'".formatted(lib));
        Path jdk = jdk("here", "25.0.1");
        executable(
                jdk.resolve("bin/java"),
                "if [ -e /proc/$$/fd/9 ]; then echo 'holds the lock'; else echo 'is free'; fi");
        environment.put("JAVA_HOME", jdk.toString());

        Ended ended = run(sources.resolve("bin/connect-clusters"), "run");

        assertThat(ended.err()).contains("Building (first run only)");
        assertThat(ended.out()).isEqualTo("is free\n");
    }

    @Test
    void aBuildByAnotherIsWaitedForWithAWordAndNotForEver() throws Exception {
        environment.put("JAVA_HOME", JDK.toString());
        environment.put("HANSE_BUILD_PATIENCE", "1");
        Path sources = sources();
        maven("exit 1");
        Path lock = Files.createDirectories(sources.resolve("deploy/distribution/target/hanse"))
                .resolve("build.lock");
        Process other = new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo locked; read line").start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");

            Ended ended = run(sources.resolve("bin/connect-clusters"), "--help");

            assertThat(ended.status()).isEqualTo(3);
            assertThat(ended.err())
                    .startsWith("Waiting for another build of this folder\n")
                    .contains("another build of this folder did not end in 1s")
                    .contains("Next: see what it does in ");
        } finally {
            other.getOutputStream().close();
            other.destroy();
        }
    }

    /** An installed product: bin beside lib. */
    private Path installed() throws IOException {
        Path product = folder.resolve("product");
        copyOfTheLauncher(product);
        Files.createSymbolicLink(product.resolve("lib"), lib());
        return product;
    }

    /** A source checkout that was never built. */
    private Path sources() throws IOException {
        Path sources = folder.resolve("sources");
        copyOfTheLauncher(sources);
        Files.createDirectories(sources.resolve("deploy/distribution"));
        Files.writeString(sources.resolve("pom.xml"), "<project/>");
        return sources;
    }

    private void copyOfTheLauncher(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.copy(checkout.resolve("bin/connect-clusters"), home.resolve("bin/connect-clusters"));
    }

    private Path lib() {
        return checkout.resolve("deploy/distribution/target/hanse/lib");
    }

    private void maven(String script) throws IOException {
        executable(folder.resolve("tools/mvn"), script);
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve("jdks").resolve(name);
        executable(home.resolve("bin/java"), "exit 1");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The machine's tools one by one: this machine's own java and mvn must not be found. */
    private String toolsWithoutJava() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String name : new String[] {
            "bash",
            "sh",
            "readlink",
            "dirname",
            "grep",
            "find",
            "head",
            "sed",
            "tail",
            "mkdir",
            "flock",
            "rm",
            "mv",
            "ln",
            "sleep",
            "cat",
            "env",
            "echo",
            "touch",
            "cp",
            "timeout",
            "ls",
            "mktemp"
        }) {
            for (String place : TOOLS) {
                if (Files.isExecutable(Path.of(place, name)) && !Files.exists(tools.resolve(name))) {
                    executable(tools.resolve(name), "exec %s/%s \"$@\"".formatted(place, name));
                }
            }
        }
        return tools.toString();
    }

    private Ended run(Path launcher, String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder()
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().add("bash");
        builder.command().add(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(Installed.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
