/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.Role;
import io.hanse.model.reason.InWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What each JVM of a cluster knows from a rehearsal: classes already loaded and linked, and how methods ran (JEP 483, 514 and
 * 515). In {@code aot/} beside {@code lib/}. A missing or outdated cache is left out and only costs time; the parts of a
 * control plane that runs apart have none. Any thread.
 */
public final class StartCaches {

    /** Roles that rehearse. The gateway, nearly all of which is in the proxy too, uses the proxy's. */
    public static final List<Role> ROLES = List.of(Role.CONTROL_PLANE, Role.NODE_PROXY);

    private static final String NEW = ".new";

    private final Path lib;
    private final Path folder;

    StartCaches(Path lib) {
        this.lib = lib;
        this.folder = lib.resolveSibling("aot");
    }

    /** Where they are. */
    public Path folder() {
        return folder;
    }

    /** The flag that has a role's JVM use its cache; empty if there is none of exactly these jars. */
    Optional<String> use(Role role) {
        Path cache = file(role == Role.EAST_WEST_GATEWAY ? Role.NODE_PROXY : role);
        return Files.isRegularFile(cache) && isNewest(cache) ? Optional.of("-XX:AOTCache=" + cache) : Optional.empty();
    }

    /** The flag that has a role's JVM make its cache when it ends. */
    String make(Role role) {
        return "-XX:AOTCacheOutput=" + fresh(role);
    }

    /** Makes room for new ones. */
    public void begin() {
        try {
            Files.createDirectories(folder);
            for (Role role : ROLES) {
                Files.deleteIfExists(fresh(role));
            }
        } catch (IOException e) {
            throw failed(InWords.of(e));
        }
    }

    /** Puts the new ones in place of the old; each JVM of the rehearsal has ended. */
    public void keep() {
        for (Role role : ROLES) {
            try {
                Files.move(
                        fresh(role), file(role), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw failed("the JVM of %s left none in %s".formatted(role, folder));
            }
        }
    }

    private CliFailure failed(String why) {
        return new CliFailure(
                ExitCode.UNREACHABLE,
                "start caches cannot be made: " + why,
                "Everything works without them; processes take about twice as long to start.",
                "make the folder %s writable for you, or leave them out".formatted(folder));
    }

    /** The JVM would refuse it too, and say so on every start. */
    private boolean isNewest(Path cache) {
        try (Stream<Path> jars = Files.list(lib)) {
            FileTime made = Files.getLastModifiedTime(cache);
            for (Path jar : (Iterable<Path>) jars::iterator) {
                if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(Role role) {
        return folder.resolve(role + ".aot");
    }

    private Path fresh(Role role) {
        return folder.resolve(role + ".aot" + NEW);
    }
}
