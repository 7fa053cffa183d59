/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.directory.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts read: documents with a version, whatever the command was asked, and the exit status beside them. */
class DocumentsTest {

    @TempDir
    private Path folder = Path.of("");

    private Terminal terminal = new Terminal(folder);

    @BeforeEach
    void aCluster() {
        terminal = new Terminal(folder);
        terminal.run("init", "bergen");
    }

    @Test
    void aDryRunOfAcceptIsADocument() throws IOException, NoSuchAlgorithmException {
        terminal.typing(invitation());
        JsonNode document = dryRun("accept", "-");
        assertThat(document.path("trustDomain").asText()).isEqualTo("lubeck.example");
        assertThat(document.path("gateways").path(0).asText()).isEqualTo("127.1.1.2:15008");
        assertThat(document.path("dryRun").asText()).startsWith("would connect bergen and lubeck");
    }

    @Test
    void aDryRunOfInviteIsADocument() throws IOException {
        JsonNode document = dryRun("invite", "lubeck");
        assertThat(document.path("cluster").asText()).isEqualTo("lubeck");
        assertThat(document.path("ttlSeconds").asInt()).isEqualTo(900);
    }

    @Test
    void aDryRunOfDisconnectIsADocument() throws IOException {
        try (ControlDouble exchange = new ControlDouble(
                        folder.resolve("bergen/run").resolve(Role.TRUST_BUNDLE_EXCHANGE.text() + ".sock"))
                .answers(
                        "GET /v1/relationships",
                        "{\"relationships\":[{\"cluster\":\"lubeck\",\"trustDomain\":\"lubeck.example\"}]}")) {
            assertThat(dryRun("disconnect", "lubeck").path("trustDomain").asText())
                    .isEqualTo("lubeck.example");
            assertThat(exchange.isServing()).isTrue();
        }
    }

    @Test
    void aDryRunOfAnAuthorityDeedIsADocument() throws IOException {
        JsonNode document = dryRun("authority", "revoke", "abc", "--force");
        assertThat(document.path("keyId").asText()).isEqualTo("abc");
        assertThat(document.path("force").asBoolean()).isTrue();
    }

    @Test
    void svidSaysWhichNodeProxyWasNotHeardAndDoesNotCallItWhole() throws IOException {
        try (ControlDouble heard = proxy("a").answers("GET /v1/workloads", "{\"workloads\":[{\"name\":\"one\"}]}")) {
            assertThat(terminal.run("svid", "--dir", "bergen", "-o", "json")).isZero();
            assertThat(read().path("silent")).isEmpty();
            proxy("b").close();
            assertThat(terminal.run("svid", "--dir", "bergen", "-o", "json")).isEqualTo(3);
            assertThat(heard.isServing()).isTrue();
        }
        assertThat(read().path("svids")).hasSize(1);
        assertThat(read().path("silent").path(0).asText())
                .isEqualTo(folder.resolve("bergen/run/node-proxy-b.sock").toString());
    }

    @Test
    void svidIsUnreachableWhereEveryNodeProxyIsSilent() throws IOException {
        proxy("a").close();
        assertThat(terminal.run("svid", "--dir", "bergen")).isEqualTo(3);
        assertThat(terminal.err()).contains("node-proxy-a.sock does not answer");
    }

    @Test
    void aNoticeAboutAManifestIsNoProblemOfServices() throws IOException {
        String remark = "{\"problems\":[{\"severity\":\"%s\",\"file\":\"a.yaml\",\"line\":3,\"message\":\"words\"}]}";
        assertThat(services(remark.formatted("notice"))).isZero();
        assertThat(terminal.err()).isEqualTo("notice: a.yaml:3: words\n");
        assertThat(services(remark.formatted("problem"))).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("problem: a.yaml:3: words\n");
    }

    private int services(String remarks) throws IOException {
        Path socket = folder.resolve("bergen/run").resolve(Role.CLUSTER_REGISTRY.text() + ".sock");
        try (ControlDouble registry = new ControlDouble(socket)
                .answers("GET /v1/services", "{\"services\":[]}")
                .answers("GET /v1/problems", remarks)) {
            int status = terminal.run("services", "--dir", "bergen");
            assertThat(registry.isServing()).isTrue();
            return status;
        } finally {
            java.nio.file.Files.deleteIfExists(socket);
        }
    }

    private ControlDouble proxy(String node) throws IOException {
        return new ControlDouble(folder.resolve("bergen/run/node-proxy-" + node + ".sock"));
    }

    private JsonNode dryRun(String... command) throws IOException {
        String[] all = java.util.Arrays.copyOf(command, command.length + 5);
        System.arraycopy(new String[] {"--dry-run", "-o", "json", "--dir", "bergen"}, 0, all, command.length, 5);
        assertThat(terminal.run(all)).isZero();
        assertThat(read().path("version").asInt()).isEqualTo(1);
        assertThat(read().path("dryRun").asText()).startsWith("would ");
        return read();
    }

    private JsonNode read() throws IOException {
        return new ObjectMapper().readTree(terminal.out());
    }

    private static String invitation() throws NoSuchAlgorithmException {
        String content =
                "{\"cluster\":\"lubeck\",\"trustDomain\":\"lubeck.example\",\"gateways\":[\"127.1.1.2:15008\"],"
                        + "\"bundleSha256\":\"" + "ab".repeat(32) + "\",\"expiresAt\":\"2026-11-23T14:32:00Z\"}";
        String part = "hanse1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(part.getBytes(StandardCharsets.US_ASCII));
        return part + "." + HexFormat.of().formatHex(digest).substring(0, 16);
    }
}
