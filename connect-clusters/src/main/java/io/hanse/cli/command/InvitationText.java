/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * An invitation as its receiver can read it (docs/wires.md, "Invitations"). It holds a one-use secret, so it is a final
 * class and says nothing of itself.
 */
final class InvitationText {

    /** About three times the longest invitation with ten gateways. */
    private static final int MAX_CHARACTERS = 16 * 1024;

    private static final String PREFIX = "hanse1.";
    private static final int CHECK_DIGITS = 16;

    /** Lower-case hex, as the exchange writes it. */
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final String text;
    private final ClusterName cluster;
    private final TrustDomain trustDomain;
    private final List<HostPort> gateways;
    private final String bundleSha256;
    private final Instant expiresAt;

    private InvitationText(String text, JsonNode content) {
        this.text = text;
        this.cluster = new ClusterName(content.path("cluster").asText(""));
        this.trustDomain = new TrustDomain(content.path("trustDomain").asText(""));
        this.gateways = StreamSupport.stream(content.path("gateways").spliterator(), false)
                .map(gateway -> HostPort.parse(gateway.asText()))
                .toList();
        this.bundleSha256 = content.path("bundleSha256").asText("");
        if (!SHA256.matcher(bundleSha256).matches()) {
            throw new IllegalArgumentException("bundleSha256: no SHA-256 in hex");
        }
        this.expiresAt = Instant.parse(content.path("expiresAt").asText(""));
    }

    /** Reads it from an argument: the text itself, {@code -} for standard input, {@code @file} for a file. */
    static InvitationText from(String argument, Surroundings surroundings) {
        try {
            if (argument.equals("-")) {
                if (surroundings.screen().isTerminal()) {
                    surroundings.screen().note("Paste the invitation, then Ctrl-D:");
                }
                return parse(new String(surroundings.in().readNBytes(MAX_CHARACTERS + 1), StandardCharsets.US_ASCII));
            }
            if (argument.startsWith("@")) {
                Path file = surroundings.folder().resolve(argument.substring(1));
                if (Files.size(file) > MAX_CHARACTERS) {
                    throw refused("file %s is too long for an invitation".formatted(file));
                }
                return parse(Files.readString(file));
            }
            return parse(argument);
        } catch (IOException e) {
            throw refused("the invitation cannot be read: " + e.getMessage());
        }
    }

    /** Checks form and checksum; a line break that a mail program put in is passed over. */
    static InvitationText parse(String given) {
        String text = given.replaceAll("\\s", "");
        int end = text.lastIndexOf('.');
        if (!text.startsWith(PREFIX) || end <= PREFIX.length() || text.length() > MAX_CHARACTERS) {
            throw refused("this is not an invitation: it must start with %s and end with a check of %d digits"
                    .formatted(PREFIX, CHECK_DIGITS));
        }
        if (!check(text.substring(0, end)).equals(text.substring(end + 1))) {
            throw refused("the invitation is altered or incomplete: its check digits do not fit");
        }
        try {
            JsonNode content =
                    new ObjectMapper().readTree(Base64.getUrlDecoder().decode(text.substring(PREFIX.length(), end)));
            return new InvitationText(text, content);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw refused("the invitation cannot be read: its content is not what an invitation holds");
        }
    }

    /** The whole text; for the control socket only. */
    String secretText() {
        return text;
    }

    ClusterName cluster() {
        return cluster;
    }

    TrustDomain trustDomain() {
        return trustDomain;
    }

    List<HostPort> gateways() {
        return gateways;
    }

    String bundleSha256() {
        return bundleSha256;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    private static String check(String part) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(part.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest).substring(0, CHECK_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static CliFailure refused(String what) {
        return new CliFailure(
                ExitCode.USAGE,
                what,
                "Nothing was done; the invitation, if there is one, is still good.",
                "copy the whole text again, from hanse1. to its last digit, or ask for a new one");
    }
}
