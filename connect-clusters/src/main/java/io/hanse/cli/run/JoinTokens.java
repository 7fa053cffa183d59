/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;

/** One-use secrets by which a process gets its first certificate. They travel in files that only their owner reads. */
public final class JoinTokens {

    /** Long enough for a slow machine to start the process that waits for it, short enough to be useless later. */
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final ClusterControl control;

    public JoinTokens(ClusterControl control) {
        this.control = control;
    }

    /** The identity of a role's process. */
    public SpiffeId identity(Role role) {
        ClusterDirectory directory = control.directory();
        return switch (role) {
            case SPIFFE_CA, CONTROL_PLANE -> SystemIdentity.SPIFFE_CA.in(directory.trustDomain());
            case TRUST_BUNDLE_EXCHANGE -> SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(directory.trustDomain());
            case CLUSTER_REGISTRY -> SystemIdentity.CLUSTER_REGISTRY.in(directory.trustDomain());
            case EAST_WEST_GATEWAY -> SystemIdentity.EAST_WEST_GATEWAY.in(directory.trustDomain());
            case NODE_PROXY -> SystemIdentity.node(directory.trustDomain(), directory.node());
        };
    }

    /** Asks spiffe-ca for a token that is good for {@code identity} once. */
    public JsonNode mint(SpiffeId identity, Duration lifetime) {
        return control.post(
                Role.SPIFFE_CA,
                "/v1/join-tokens",
                ClusterControl.object().put("spiffeId", identity.toString()).put("ttlSeconds", lifetime.toSeconds()));
    }

    /** Puts a token where the process of {@code role} waits for it. */
    public Path give(Role role) {
        Path file = control.directory()
                .run()
                .resolve("join")
                .resolve(control.directory().instance(role) + ".token");
        String token = mint(identity(role), LIFETIME).path("token").asText("");
        write(file, token);
        return file;
    }

    /** Writes a secret as a whole, readable by its owner only from the first moment. */
    public static void write(Path file, String secret) {
        try {
            Path folder = file.toAbsolutePath().resolveSibling("");
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, OWNER_FOLDER);
            }
            Path temporary = Files.createTempFile(folder, ".token", ".tmp", OWNER_FILE);
            Files.write(temporary, secret.getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "file %s cannot be written: %s".formatted(file, e.getMessage()),
                    "The process that waits for this join token gets no certificate.",
                    "make the folder %s writable for you".formatted(file.getParent()));
        }
    }
}
