/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.UnixHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell as an operator meets it: a child JVM, signals, sockets, files and exit codes. */
class ProcessShellTest {

    private static final String HEAD = "cluster: lubeck\ntrustDomain: lubeck.example\n";

    @TempDir
    Path directory;

    @Test
    void saysWhereItListensAnswersAndDrainsOnSigterm() throws Exception {
        try (Child child = Child.start("spiffe-ca", "--config", config("spiffe-ca: {metrics: \"127.0.0.1:0\"}\n"))) {
            child.await("spiffe-ca of cluster lubeck, trust domain lubeck.example, pid " + child.pid());
            String tests = child.await("  tests ").strip();
            child.await("  control ");
            String metrics = child.await("metrics, readiness").replaceAll(".*(http://\\S+).*", "$1");
            child.await("identity           spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca");
            child.await("spiffe-ca is ready");

            Path run = directory.resolve("run");
            JsonNode facts = Json.mapper().readTree(Files.readAllBytes(run.resolve("spiffe-ca.json")));
            assertThat(facts.get("pid").asLong()).isEqualTo(child.pid());
            assertThat(facts.get("control").asText())
                    .isEqualTo(run.resolve("spiffe-ca.sock").toString());
            assertThat("http://" + facts.get("metrics").asText()).isEqualTo(metrics);
            assertThat(tests).endsWith(facts.at("/addresses/0/address").asText());
            JsonNode status = Json.mapper()
                    .readTree(UnixHttp.get(run.resolve("spiffe-ca.sock"), "/v1/process")
                            .body());
            assertThat(status.get("ready").asBoolean()).isTrue();
            assertThat(status.get("trustDomain").asText()).isEqualTo("lubeck.example");
            assertThat(get(metrics + "/healthz/ready").statusCode()).isEqualTo(200);
            assertThat(get(metrics + "/metrics").body()).contains("hanse_tests_total{role=\"spiffe-ca\"} 1.0");

            child.terminate();
            assertThat(child.exitCode()).isZero();
            assertThat(child.said()).contains("drained within PT10S").contains("spiffe-ca has ended");
            assertThat(run.resolve("spiffe-ca.json")).doesNotExist();
            assertThat(run.resolve("spiffe-ca.sock")).doesNotExist();
        }
    }

    @Test
    void runsSeveralRolesWithASocketEachAndOneTelemetryAddress() throws Exception {
        String config = config("control-plane: {metrics: \"127.0.0.1:0\"}\ncluster-registry: {neverReady: true}\n");
        try (Child child = Child.start("spiffe-ca,cluster-registry", "--config", config)) {
            child.await("cluster-registry of cluster lubeck");
            String metrics = child.await("metrics, readiness").replaceAll(".*(http://\\S+).*", "$1");

            Path run = directory.resolve("run");
            assertThat(UnixHttp.get(run.resolve("spiffe-ca.sock"), "/v1/hello").body())
                    .isEqualTo("\"spiffe-ca\"");
            assertThat(UnixHttp.get(run.resolve("cluster-registry.sock"), "/v1/hello")
                            .body())
                    .isEqualTo("\"cluster-registry\"");
            HttpResponse<String> ready = get(metrics + "/healthz/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"cluster-registry: own svid\"");
            assertThat(problems(run.resolve("spiffe-ca.sock"))).isEmpty();
            assertThat(problems(run.resolve("cluster-registry.sock")))
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.path("task").asText()).isEqualTo("own svid");
                        assertThat(problem.path("what").asText()).isEqualTo("it never comes");
                        assertThat(problem.path("next").asText()).isEqualTo("wait no longer");
                        assertThat(Instant.parse(problem.path("since").asText()))
                                .isBeforeOrEqualTo(Instant.now());
                    });
            assertThat(get(metrics + "/metrics").body())
                    .contains("hanse_tests_total{role=\"spiffe-ca\"} 1.0")
                    .contains("hanse_tests_total{role=\"cluster-registry\"} 1.0");

            child.terminate();
            assertThat(child.exitCode()).isZero();
        }
    }

    private static JsonNode problems(Path socket) throws IOException {
        return Json.mapper()
                .readTree(UnixHttp.get(socket, "/v1/process").body())
                .path("problems");
    }

    @Test
    void givesEachNodeItsOwnNames() throws Exception {
        String config = config("node-proxy: {metrics: \"127.0.0.1:0\"}\n");
        try (Child child = Child.start("node-proxy", "--node", "alpha", "--config", config)) {
            child.await("node-proxy-alpha is ready");

            assertThat(directory.resolve("run/node-proxy-alpha.sock")).exists();
            assertThat(directory.resolve("state/node-proxy-alpha")).isDirectory();
            child.terminate();
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void reportsABadConfigurationWithExit64() throws Exception {
        try (Child child = Child.start("spiffe-ca", "--config", config("netwrok: x\nrefreshHint: soon\n"))) {
            assertThat(child.exitCode()).isEqualTo(64);
            assertThat(child.said())
                    .contains("spiffe-ca: the configuration has 2 problems:")
                    .contains("cluster.yaml:3:1: the key 'netwrok' is not known")
                    .contains("did you mean 'network'?")
                    .contains("cluster.yaml:4:14: refreshHint: duration: soon")
                    .contains("next: correct ")
                    .doesNotContain("\tat ");
        }
        try (Child child = Child.start("spiffe-ca", "--config", config("spiffe-ca: {metrics: x, stubborm: 1}\n"))) {
            assertThat(child.exitCode()).isEqualTo(64);
            assertThat(child.said()).contains("spiffe-ca.metrics").contains("did you mean 'stubborn'?");
        }
    }

    @Test
    void tellsTheProblemsOfEveryRoleAndOfTheRestInOneReport() throws Exception {
        String config = config("clustre: x\nspiffe-ca: {stubborm: 1}\ncluster-registry: {bug: perhaps}\n");
        try (Child child = Child.start("spiffe-ca,cluster-registry", "--config", config)) {
            assertThat(child.exitCode()).isEqualTo(64);
            assertThat(child.said())
                    .contains("control-plane: the configuration has 3 problems:")
                    .contains("did you mean 'cluster'?")
                    .contains("did you mean 'stubborn'?")
                    .contains("cluster-registry.bug: flag: perhaps");
            assertThat(directory.resolve("state")).as("nothing was made").doesNotExist();
        }
    }

    @Test
    void refusesArgumentsItDoesNotKnowWithExit64AndShowsUsage() throws Exception {
        try (Child child = Child.start("spiffe-ca", "--confg", "x")) {
            assertThat(child.exitCode()).isEqualTo(64);
            assertThat(child.said())
                    .contains("the argument --confg is not known")
                    .contains("usage: spiffe-ca");
        }
    }

    @Test
    void namesAPortInUseWithExit69() throws Exception {
        try (ServerSocketChannel taken =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            String address = "127.0.0.1:" + ((InetSocketAddress) taken.getLocalAddress()).getPort();
            String own = "spiffe-ca: {metrics: \"127.0.0.1:0\", listen: \"%s\"}\n".formatted(address);
            try (Child child = Child.start("spiffe-ca", "--config", config(own))) {
                assertThat(child.exitCode()).isEqualTo(69);
                assertThat(child.said()).contains("cannot listen: another process listens there");
            }
            String metrics = "spiffe-ca: {metrics: \"%s\"}\n".formatted(address);
            try (Child child = Child.start("spiffe-ca", "--config", config(metrics))) {
                assertThat(child.exitCode()).isEqualTo(69);
                assertThat(child.said())
                        .contains("metrics: cannot listen on " + address + ": another process listens there")
                        .contains("set spiffe-ca.metrics in cluster.yaml")
                        .doesNotContain("\tat ");
            }
        }
        assertThat(directory.resolve("run/spiffe-ca.sock")).doesNotExist();
    }

    @Test
    void keepsASecondProcessOffTheSameState() throws Exception {
        String config = config("spiffe-ca: {metrics: \"127.0.0.1:0\"}\n");
        try (Child first = Child.start("spiffe-ca", "--config", config)) {
            first.await("spiffe-ca is ready");
            try (Child second = Child.start("spiffe-ca", "--config", config)) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.STATE.number());
                assertThat(second.said()).contains("another process (pid %d)".formatted(first.pid()));
            }
            assertThat(directory.resolve("run/spiffe-ca.sock")).exists();
            first.terminate();
            assertThat(first.exitCode()).isZero();
        }
    }

    @Test
    void endsARoleThatDoesNotDrainByForce() throws Exception {
        String config = config("spiffe-ca: {metrics: \"127.0.0.1:0\", stubborn: true, drain: 100ms}\n");
        try (Child child = Child.start("spiffe-ca", "--config", config)) {
            child.await("spiffe-ca is ready");
            child.terminate();

            assertThat(child.exitCode()).isZero();
            assertThat(child.said()).contains("did not drain in time");
        }
    }

    @Test
    void callsABugABugWithExit70() throws Exception {
        try (Child child = Child.start("spiffe-ca", "--config", config("spiffe-ca: {bug: true}\n"))) {
            assertThat(child.exitCode()).isEqualTo(70);
            assertThat(child.said()).contains("this is a bug");
        }
    }

    @Test
    void endsWhenTheProcessItBelongsToEnds() throws Exception {
        Process parent = new ProcessBuilder("sleep", "600").start();
        ProcessBuilder builder =
                Child.builder("spiffe-ca", "--config", config("spiffe-ca: {metrics: \"127.0.0.1:0\"}\n"));
        builder.environment().putAll(Map.of(ParentWatch.VARIABLE, Long.toString(parent.pid())));
        Process process =
                builder.redirectOutput(directory.resolve("out").toFile()).start();
        try {
            awaitFile(directory.resolve("run/spiffe-ca.json"));
            parent.destroyForcibly().waitFor();

            assertThat(process.waitFor(Child.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(Files.readString(directory.resolve("out"))).contains("drained within");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsWithItsParentWhenToldTo() throws Exception {
        ProcessBuilder child = Child.builder(
                "spiffe-ca", "--exit-with-parent", "--config", config("spiffe-ca: {metrics: \"127.0.0.1:0\"}\n"));
        // The shell is the parent; it ends when its input ends, and the child is then nobody's.
        Process shell = new ProcessBuilder(command(child))
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        Path facts = directory.resolve("run/spiffe-ca.json");
        awaitFile(facts);
        ProcessHandle orphan = ProcessHandle.of(Json.mapper()
                        .readTree(Files.readAllBytes(facts))
                        .get("pid")
                        .asLong())
                .orElseThrow();
        try {
            shell.getOutputStream().close();
            orphan.onExit().get(Child.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(Files.readString(directory.resolve("out"))).contains("drained within");
        } finally {
            orphan.destroyForcibly();
            shell.destroyForcibly();
        }
    }

    private static List<String> command(ProcessBuilder child) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "\"$@\" & read -r line", "bash"));
        command.addAll(child.command());
        return command;
    }

    private static void awaitFile(Path file) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Child.DEADLINE_SECONDS);
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s appears", file).isLessThan(deadline);
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    private String config(String rest) throws IOException {
        return Files.writeString(directory.resolve("cluster.yaml"), HEAD + rest).toString();
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
