/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What commands do with their arguments, their cluster and the answers of its processes. */
final class CommandsTest {

    private static final String INVITATION_BODY =
            "{\"invitation\":\"hanse1.abc.0123456789abcdef\"," + "\"expiresAt\":\"2026-11-23T14:32:00Z\"}";

    @TempDir
    private Path folder = Path.of("");

    private Terminal terminal = new Terminal(folder);

    @BeforeEach
    void terminal() {
        terminal = new Terminal(folder);
    }

    static Stream<CommandLine> commands() {
        CommandLine root = new CommandTree(new Terminal(Path.of("")).surroundings()).root();
        return all(root);
    }

    private static Stream<CommandLine> all(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(CommandsTest::all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyHelpHasAnExampleThatParses(CommandLine command) {
        String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(help).contains("Example: ");
        String example = help.substring(help.indexOf("Example: ") + "Example: ".length())
                .strip()
                .replaceFirst("^source <\\((.*)\\)$", "$1");
        String[] words = example.split("\\s+", -1);
        assertThat(words[0]).isEqualTo("connect-clusters");
        new CommandTree(terminal.surroundings()).root().parseArgs(java.util.Arrays.copyOfRange(words, 1, words.length));
    }

    @Test
    void aWrongCommandIsUsedWronglyAndOffersTheNearest() {
        assertThat(terminal.run("statsu")).isEqualTo(2);
        assertThat(terminal.err()).contains("Did you mean: status?").contains("Next: connect-clusters --help");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void aFailureHasThreePartsAndNoStackTrace() {
        assertThat(terminal.run("status")).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("""
                        error: no cluster here: there is no %s/cluster.yaml
                               Commands work on one cluster: --dir, else HANSE_DIR, else the current folder.
                               Next: connect-clusters init <name>, or give --dir <folder of a cluster>
                        """.formatted(folder));
    }

    @Test
    void initMakesAFolderOnlyItsOwnerOpens() throws IOException {
        assertThat(terminal.run("init", "lubeck", "--trust-domain", "lubeck.example"))
                .isZero();
        ClusterDirectory made = ClusterDirectory.at(folder.resolve("lubeck"));
        assertThat(made.name().name()).isEqualTo("lubeck");
        assertThat(made.trustDomain().name()).isEqualTo("lubeck.example");
        for (String name : new String[] {".", "secrets", "state", "run", "run/join", "manifests", "log"}) {
            assertThat(mode(made.root().resolve(name))).as(name).isEqualTo("rwx------");
        }
        assertThat(mode(made.file())).isEqualTo("rw-------");
    }

    @Test
    void initGivesTwoClustersOnOneMachineDifferentAddresses() throws IOException {
        terminal.run("init", "lubeck");
        terminal.run("init", "bergen");
        assertThat(Files.readString(folder.resolve("lubeck/cluster.yaml")).lines())
                .filteredOn(line -> line.startsWith("address:"))
                .doesNotContainAnyElementsOf(Files.readAllLines(folder.resolve("bergen/cluster.yaml")));
    }

    @Test
    void initNeverChangesAClusterThatExists() throws IOException {
        terminal.run("init", "lubeck");
        String before = Files.readString(folder.resolve("lubeck/cluster.yaml"));
        assertThat(terminal.run("init", "lubeck", "--trust-domain", "other.example"))
                .isEqualTo(2);
        assertThat(Files.readString(folder.resolve("lubeck/cluster.yaml"))).isEqualTo(before);
    }

    @Test
    void initRefusesANameThatIsNoLabel() {
        assertThat(terminal.run("init", "Lübeck")).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void initRefusesAFolderWhoseSocketsCouldNotBeOpened() {
        assertThat(terminal.run("init", "lubeck", "--dir", "d".repeat(100))).isEqualTo(2);
        assertThat(terminal.err()).contains("too long").contains("107 bytes");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void dryRunOfInitShowsTheFilesAndMakesNothing() {
        assertThat(terminal.run("init", "lubeck", "--dry-run")).isZero();
        assertThat(terminal.out()).contains("would write").contains("trustDomain: lubeck.internal");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theClusterIsFoundByVariableAndByOption() {
        terminal.run("init", "lubeck");
        assertThat(terminal.with("HANSE_DIR", folder.resolve("lubeck").toString())
                        .run("bundle", "show"))
                .isEqualTo(3);
        assertThat(terminal.err()).contains("trust-bundle-exchange of cluster lubeck does not answer");
        assertThat(terminal.run("bundle", "show", "--dir", "nowhere")).isEqualTo(2);
        assertThat(terminal.err()).contains("nowhere/cluster.yaml");
    }

    @Test
    void aClusterFileThatIsNotYamlIsNamed() throws IOException {
        Files.writeString(folder.resolve("cluster.yaml"), "cluster: [");
        assertThat(terminal.run("status")).isEqualTo(2);
        assertThat(terminal.err()).contains(folder.resolve("cluster.yaml").toString());
    }

    @Test
    void inviteShowsTheTextAloneOnStandardOutput() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble exchange =
                control("bergen", Role.TRUST_BUNDLE_EXCHANGE).answers("POST /v1/invitations", INVITATION_BODY)) {
            assertThat(terminal.run("invite", "lubeck", "--dir", "bergen")).isZero();
            assertThat(exchange.requests())
                    .containsExactly("POST /v1/invitations {\"ttlSeconds\":900,\"cluster\":\"lubeck\"}");
        }
        assertThat(terminal.out()).isEqualTo("hanse1.abc.0123456789abcdef\n");
        assertThat(terminal.err()).contains("the operator of lubeck").contains("until 14:32 (15m)");
    }

    @Test
    void runRefusesAClusterThatRunsAlready() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble registry =
                control("bergen", Role.CLUSTER_REGISTRY).answers("GET /v1/process", "{\"pid\":4711}")) {
            assertThat(terminal.run("run", "--dir", "bergen")).isEqualTo(1);
            assertThat(registry.isServing()).isTrue();
        }
        assertThat(terminal.err())
                .contains("cluster-registry of bergen runs already (pid 4711)")
                .contains("Nothing was started")
                .contains("Next: connect-clusters status --dir ");
        assertThat(folder.resolve("bergen/log")).isEmptyDirectory();
    }

    @Test
    void statusTellsWhichListenerOfANodeCouldNotBeBound() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble proxy = new ControlDouble(folder.resolve("bergen/run/node-proxy-a.sock"))
                .answers("GET /v1/peers", "{\"peers\":[]}")
                .answers("GET /v1/workloads", "{\"workloads\":[]}")
                .answers("GET /v1/status", "{\"problems\":{\"127.0.0.9:80\":\"Address already in use\"}}")) {
            assertThat(terminal.run("status", "--dir", "bergen")).isEqualTo(1);
            assertThat(proxy.isServing()).isTrue();
        }
        assertThat(terminal.out())
                .contains("node-proxy-a: 127.0.0.9:80: Address already in use")
                .contains("Next: free the address");
    }

    @Test
    void statusAsksEveryProcessWhatIsWrongWithIt() throws IOException {
        terminal.run("init", "bergen");
        String problem = "{\"problems\":[{\"task\":\"own certificate\",\"what\":\"clocks differ\","
                + "\"since\":\"2026-11-23T14:05:00Z\",\"next\":\"timedatectl status\"}]}";
        for (Role role : List.of(
                Role.SPIFFE_CA,
                Role.TRUST_BUNDLE_EXCHANGE,
                Role.CLUSTER_REGISTRY,
                Role.EAST_WEST_GATEWAY,
                Role.NODE_PROXY)) {
            String socket = role == Role.NODE_PROXY ? "node-proxy-a.sock" : role.text() + ".sock";
            try (ControlDouble process = new ControlDouble(
                            folder.resolve("bergen/run").resolve(socket))
                    .answers("GET /v1/process", problem)) {
                assertThat(terminal.run("status", "--dir", "bergen")).isEqualTo(1);
                assertThat(process.isServing()).isTrue();
            }
            assertThat(terminal.out())
                    .containsPattern(role.text() + "(-a)?: own certificate: clocks differ \\(for ")
                    .contains("Next: timedatectl status");
        }
    }

    @Test
    void aDocumentThatNamesCommandsIsJson() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble gateway = control("bergen", Role.EAST_WEST_GATEWAY).answers("GET /v1/process", "{}")) {
            assertThat(terminal.run("status", "--dir", "bergen", "-o", "json")).isEqualTo(1);
            assertThat(gateway.isServing()).isTrue();
        }
        String out = terminal.out();
        assertThat(new ObjectMapper().readTree(out.substring(out.indexOf('{'))).path("problems"))
                .hasSizeGreaterThan(2)
                .allSatisfy(problem -> assertThat(problem.path("next").asText())
                        .startsWith("connect-clusters run ")
                        .endsWith(" --dir bergen"));
    }

    @Test
    void inviteAsJsonHasAVersion() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble exchange =
                control("bergen", Role.TRUST_BUNDLE_EXCHANGE).answers("POST /v1/invitations", INVITATION_BODY)) {
            assertThat(terminal.run("invite", "-o", "json", "--dir", "bergen")).isZero();
            assertThat(exchange.isServing()).isTrue();
        }
        JsonNode document = new ObjectMapper().readTree(terminal.out());
        assertThat(document.path("version").asInt()).isEqualTo(1);
        assertThat(document.path("invitation").asText()).startsWith("hanse1.");
    }

    @ParameterizedTest
    @CsvSource({"10m,10m", "90s,1m 30s", "1h30m,1h 30m", "PT10M,10m"})
    void aLifetimeIsGivenAsPeopleWriteIt(String given, String shown) {
        terminal.run("init", "bergen");
        assertThat(terminal.run("invite", "--ttl", given, "--dry-run", "--dir", "bergen"))
                .isZero();
        assertThat(terminal.out()).endsWith("good for " + shown + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "m", "-5m", "0s", "10 m", "ten minutes"})
    void aLifetimeThatIsNoneIsRefusedWithExamples(String given) {
        terminal.run("init", "bergen");
        assertThat(terminal.run("invite", "--ttl=" + given, "--dry-run", "--dir", "bergen"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("is not a length of time (for example: 90s, 10m, 1h30m)");
    }

    @Test
    void statusOfAClusterThatDoesNotRunIsOneSentence() {
        terminal.run("init", "bergen");
        assertThat(terminal.run("status", "--dir", "bergen")).isEqualTo(3);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isEqualTo("""
                        error: bergen (bergen.internal) does not run: none of its processes answers
                               Their control sockets would be in %1$s/run.
                               Next: connect-clusters run --dir %1$s
                        """.formatted(folder.resolve("bergen")));
    }

    @Test
    void anInvitationInAFileThatIsMissingIsNamedAndNotMistakenForNoArgument() {
        terminal.run("init", "bergen");
        assertThat(terminal.run("accept", "@nowhere.txt", "--dir", "bergen")).isEqualTo(2);
        assertThat(terminal.err()).contains("nowhere.txt").doesNotContain("Missing required");
    }

    @Test
    void dryRunOfInviteAsksNobody() {
        terminal.run("init", "bergen");
        assertThat(terminal.run("invite", "lubeck", "--dry-run", "--dir", "bergen"))
                .isZero();
        assertThat(terminal.out()).isEqualTo("would make an invitation to bergen for lubeck, good for 15m\n");
    }

    @Test
    void aRefusalOfAProcessIsShownWithItsNextCommand() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble exchange = control("bergen", Role.TRUST_BUNDLE_EXCHANGE)
                .refuses(
                        "POST /v1/invitations",
                        503,
                        "{\"code\":\"not-ready\",\"title\":\"no bundle yet\",\"detail\":\"spiffe-ca is silent\","
                                + "\"next\":\"connect-clusters status\"}")) {
            assertThat(terminal.run("invite", "--dir", "bergen")).isEqualTo(3);
            assertThat(exchange.isServing()).isTrue();
        }
        assertThat(terminal.err()).isEqualTo("""
                        error: no bundle yet: spiffe-ca is silent
                               trust-bundle-exchange of cluster bergen refused (not-ready).
                               Next: connect-clusters status --dir bergen
                        """);
    }

    @Test
    void aJoinTokenGoesToAFileOfItsOwnerAndNotToTheScreen() throws IOException {
        terminal.run("init", "bergen", "--trust-domain", "bergen.example");
        try (ControlDouble ca = control("bergen", Role.SPIFFE_CA)
                .answers(
                        "POST /v1/join-tokens",
                        "{\"token\":\"hansejoin1.secret\",\"expiresAt\":\"2026-11-23T14:22:00Z\"}")) {
            assertThat(terminal.run(
                            "join-token", "--node", "b", "--file", "b.token", "--ttl", "PT5M", "--dir", "bergen"))
                    .isZero();
            assertThat(ca.requests())
                    .containsExactly("POST /v1/join-tokens"
                            + " {\"spiffeId\":\"spiffe://bergen.example/hanse/node/b\",\"ttlSeconds\":300}");
        }
        assertThat(folder.resolve("b.token")).hasContent("hansejoin1.secret");
        assertThat(mode(folder.resolve("b.token"))).isEqualTo("rw-------");
        assertThat(terminal.out() + terminal.err()).doesNotContain("secret").contains("in 5m");
    }

    @Test
    void authorityDeedsNameTheirKeyAndTheirKind() throws IOException {
        terminal.run("init", "bergen");
        try (ControlDouble ca = control("bergen", Role.SPIFFE_CA)
                .answers("POST /v1/authorities/jwt/taint", "{\"keyId\":\"abc\"}")
                .answers("GET /v1/authorities", "{\"x509\":[],\"jwt\":[{\"keyId\":\"abc\",\"state\":\"tainted\"}]}")) {
            assertThat(terminal.run("authority", "taint", "abc", "--kind", "jwt", "--dir", "bergen"))
                    .isZero();
            assertThat(ca.requests().getFirst()).isEqualTo("POST /v1/authorities/jwt/taint {\"keyId\":\"abc\"}");
        }
        assertThat(terminal.out()).contains("cannot be undone").contains("tainted");
    }

    @Test
    void dryRunOfAnAuthorityDeedAsksNobody() {
        terminal.run("init", "bergen");
        assertThat(terminal.run("authority", "revoke", "abc", "--dry-run", "--dir", "bergen"))
                .isZero();
        assertThat(terminal.out()).startsWith("would revoke the x509 authority abc of bergen.internal");
    }

    @Test
    void explainTakesTheNamespaceOfTheClient() throws IOException {
        terminal.run("init", "lubeck");
        try (ControlDouble proxy = new ControlDouble(folder.resolve("lubeck/run/node-proxy-a.sock"))) {
            terminal.run("explain", "shop/frontend", "api-server:80", "--dir", "lubeck");
            assertThat(proxy.requests())
                    .containsExactly("GET /v1/explain?client=shop/frontend&service=shop/api-server&port=80");
        }
    }

    @Test
    void explainRefusesAServiceWithoutPort() {
        terminal.run("init", "lubeck");
        assertThat(terminal.run("explain", "shop/frontend", "api-server", "--dir", "lubeck"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("[namespace/]name:port");
    }

    @Test
    void completionIsAScriptThatKnowsTheCommands() {
        assertThat(terminal.run("completion")).isZero();
        assertThat(terminal.out()).startsWith("#!/usr/bin/env bash").contains("disconnect");
    }

    private ControlDouble control(String cluster, Role role) throws IOException {
        return new ControlDouble(folder.resolve(cluster).resolve("run").resolve(role.text() + ".sock"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
