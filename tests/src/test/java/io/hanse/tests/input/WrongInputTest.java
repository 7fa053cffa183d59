/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each test is one mistake: exit status, what, where, and the next command. */
final class WrongInputTest {

    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    @TempDir
    Path folder;

    private Path cluster = Path.of("");

    @BeforeEach
    void aClusterThatWasNeverStarted() throws IOException {
        cluster = folder.resolve("lubeck");
        assertThat(run("init", "lubeck", "--trust-domain", "lubeck.example", "--dir", cluster.toString())
                        .status())
                .isZero();
    }

    static List<Arguments> wordsOnTheCommandLine() {
        return List.of(
                Arguments.of("init Lubeck", "cluster name: Lubeck (expected: 1 to 63 of a-z 0-9 -"),
                Arguments.of("init x --dir CLUSTER/x --trust-domain a_b!c", "trust domain"),
                Arguments.of("init x --dir CLUSTER/x --trust-domain " + "d".repeat(256), "255"),
                Arguments.of("invite bergen --ttl 5x --dir CLUSTER", "'5x' is not a length of time (for example: 90s"),
                Arguments.of("accept hanse1.xyz --dir CLUSTER", "this is not an invitation"),
                Arguments.of("accept @/nowhere --dir CLUSTER", "the invitation cannot be read: /nowhere"),
                Arguments.of("run gateway --dir CLUSTER", "role: gateway (expected one of: spiffe-ca"),
                Arguments.of("explain shop/frontend --dir CLUSTER", "<service:port>"),
                Arguments.of("status -o xml --dir CLUSTER", "but was 'xml'"),
                Arguments.of("status --dir /nowhere", "there is no /nowhere/cluster.yaml"),
                Arguments.of("frobnicate", "frobnicate"));
    }

    @ParameterizedTest
    @MethodSource("wordsOnTheCommandLine")
    void aWrongWordOnTheCommandLineIsNamed(String words, String named) throws IOException {
        Installed.Ended ended = run(words.replace("CLUSTER", cluster.toString()).split(" "));

        refusedWith(ended, USAGE, named, "Next: ");
    }

    static List<Arguments> filesOfAPerson() {
        return List.of(
                Arguments.of("{foo: [", List.of("cluster.yaml: not YAML at line ")),
                Arguments.of("cluster: again", List.of("cluster.yaml: not YAML at line ", "duplicate key")),
                Arguments.of("trustDomain: x y", List.of("cluster.yaml")));
    }

    @ParameterizedTest
    @MethodSource("filesOfAPerson")
    void aFileThatIsNotYamlIsRefusedWithItsLine(String line, List<String> named) throws IOException {
        append(line);

        refusedWith(run("status", "--dir", cluster.toString()), USAGE, named.toArray(String[]::new));
    }

    @Test
    void everyWrongKeyOfTheFileIsToldAtOnce() throws IOException {
        append("clustre: x", "spiffe-ca: {svidTtl: 1x, authorityTTL: 1h}", "cluster-registry: {importLease: 1s}");

        refusedWith(
                run("run", "--dir", cluster.toString()),
                UNREACHABLE,
                "the configuration has 4 problems",
                "did you mean 'cluster'?",
                "spiffe-ca.svidTtl: duration: 1x",
                "did you mean 'authorityTtl'?",
                "cluster-registry.importLease: duration: 1s (expected: 3s to 1h)",
                "Next: correct what it names");
        assertThat(cluster.resolve("state/spiffe-ca")).doesNotExist();
    }

    @Test
    void aTrustDomainInUpperCaseIsTakenAsLower() throws IOException {
        Path other = folder.resolve("other");
        Installed.Ended ended = run("init", "other", "--trust-domain", "Bergen.Example", "--dir", other.toString());

        assertThat(ended.status()).isZero();
        assertThat(ended.output()).contains("other (bergen.example)");
    }

    @Test
    void aPortInUseIsNamedWithWhoToAsk() throws IOException {
        Matcher listen = Pattern.compile("address: (\\S+)").matcher(Files.readString(cluster.resolve("cluster.yaml")));
        assertThat(listen.find()).isTrue();
        try (ServerSocket taken = new ServerSocket(15012, 1, InetAddress.ofLiteral(listen.group(1)))) {
            refusedWith(
                    run("run", "control-plane", "--dir", cluster.toString()),
                    UNREACHABLE,
                    "cannot listen on " + listen.group(1) + ":" + taken.getLocalPort(),
                    "another process listens there",
                    "ss -ltnp");
        }
    }

    @Test
    void anAddressThatThisMachineDoesNotHaveIsNamed() throws IOException {
        Path file = cluster.resolve("cluster.yaml");
        Files.writeString(file, Files.readString(file).replaceFirst("(?m)^address: .*", "address: 192.0.2.1"));

        refusedWith(
                run("run", "control-plane", "--dir", cluster.toString()),
                UNREACHABLE,
                "192.0.2.1:15012",
                "no network interface of this machine has this address");
    }

    @Test
    void aSocketPathThatIsTooLongIsNamedWithItsLimit() throws IOException {
        append("runDirectory: run/" + "r".repeat(100));

        refusedWith(
                run("run", "control-plane", "--dir", cluster.toString()),
                UNREACHABLE,
                "socket",
                "bytes",
                "runDirectory");
    }

    @Test
    void aFileWhereAFolderMustBeIsNamed() throws IOException {
        Files.delete(cluster.resolve("state"));
        Files.writeString(cluster.resolve("state"), "");

        refusedWith(
                run("run", "control-plane", "--dir", cluster.toString()),
                UNREACHABLE,
                cluster.resolve("state").toString());
    }

    @Test
    void aKeyFileThatOthersMayReadIsRefused() throws IOException {
        Path kek = cluster.resolve("secrets/kek");
        Files.write(kek, new byte[32]);
        Files.setPosixFilePermissions(kek, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

        refusedWith(run("run", "control-plane", "--dir", cluster.toString()), UNREACHABLE, kek.toString(), "chmod 600");
    }

    @Test
    void aClusterThatDoesNotRunIsToldApartFromOneThatIsNotThere() throws IOException {
        refusedWith(
                run("status", "--dir", cluster.toString()),
                UNREACHABLE,
                "lubeck (lubeck.example) does not run",
                "Next: connect-clusters run --dir " + cluster);
    }

    private Installed.Ended run(String... arguments) throws IOException {
        return Installed.run(folder.resolve("output"), arguments);
    }

    private void append(String... lines) throws IOException {
        Path file = cluster.resolve("cluster.yaml");
        Files.writeString(file, Files.readString(file) + "\n" + String.join("\n", lines) + "\n");
    }

    private static void refusedWith(Installed.Ended ended, int status, String... named) {
        assertThat(ended.output()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(ended.status()).as(ended.output()).isEqualTo(status);
    }
}
