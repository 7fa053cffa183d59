/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.directory;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.InWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What {@code init} makes: a plan first, so that {@code --dry-run} shows exactly what is then done.
 *
 * @param root the cluster's folder
 * @param name the cluster's name
 * @param trustDomain its trust domain
 * @param controlPlane address of the control plane
 * @param gateway address of the gateway
 * @param node address of the node's own listeners
 * @param refreshHint how often peers look for a new bundle
 */
public record NewCluster(
        Path root,
        ClusterName name,
        TrustDomain trustDomain,
        String controlPlane,
        String gateway,
        String node,
        Duration refreshHint) {

    /** What the exchange uses unless told otherwise. */
    public static final Duration USUAL_REFRESH = Duration.ofMinutes(5);

    private static final String EXAMPLE = "manifests/example.yaml";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int METRICS_PORT = 15020;

    /** 15021 is a readiness port by custom, 15022 and 15024 are free. */
    private static final int METRICS_STEP = 2;

    /** The kernel's limit of a Unix socket's path, and the longest name below the root that init's node makes. */
    private static final int MAX_ROOT_CHARACTERS = 107 - "/run/trust-bundle-exchange.sock".length();

    /** One cluster on its own /24 of the loopback network. */
    public static NewCluster onLoopback(
            Path root, ClusterName name, TrustDomain trustDomain, Loopback range, Duration refreshHint) {
        return new NewCluster(
                root,
                name,
                trustDomain,
                range.address(Loopback.CONTROL_PLANE),
                range.address(Loopback.GATEWAY),
                range.address(Loopback.NODE),
                refreshHint);
    }

    /** Files to write, in this order, by their name in the folder, with their text: last the one that makes it a cluster. */
    public SequencedMap<String, String> files() {
        SequencedMap<String, String> files = new LinkedHashMap<>();
        files.put(EXAMPLE, example());
        files.put(ClusterDirectory.FILE, configuration());
        return files;
    }

    /** Refuses what cannot work, before anything is made. */
    public void check() {
        check(root);
    }

    /** Refuses a folder in which no cluster can be made. */
    public static void check(Path root) {
        if (isThere(root.resolve(ClusterDirectory.FILE))) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "there is a cluster in %s already (%s)".formatted(root, ClusterDirectory.FILE),
                    "init never changes a cluster that exists.",
                    "give --dir with another folder, or run it: connect-clusters run --dir " + root);
        }
        if (isThere(root.resolve(EXAMPLE))) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "there is a file %s already".formatted(root.resolve(EXAMPLE)),
                    "init never changes a file that exists; nothing was made.",
                    "move it away, or give --dir with another folder");
        }
        if (root.toString().length() > MAX_ROOT_CHARACTERS) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "the folder's path is too long: %s has %d characters"
                            .formatted(root, root.toString().length()),
                    "The control sockets in it could not be opened: the kernel takes paths of up to 107 bytes.",
                    "give --dir with a folder of at most %d characters".formatted(MAX_ROOT_CHARACTERS));
        }
    }

    /** Makes folders (0700) and files (0600). The key that seals spiffe-ca's state is made by spiffe-ca itself. */
    public void make() {
        check();
        try {
            for (String folder : new String[] {".", "manifests", "secrets", "state", "run", "run/join", "log"}) {
                Files.createDirectories(root.resolve(folder).normalize(), OWNER_FOLDER);
            }
            for (Map.Entry<String, String> file : files().entrySet()) {
                write(root.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "the cluster cannot be made in %s: %s".formatted(root, InWords.of(e)),
                    "What was made so far is left as it is.",
                    "give --dir with a folder you can write");
        }
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, OWNER_FILE);
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private String configuration() {
        return """
                # A standalone cluster of Hanse. Every process of it reads this file; each section belongs to the role it is named by.
                # Keys that are not here have defaults; a key that does not exist is refused when a process starts.

                cluster: %s
                trustDomain: %s

                # Where the control plane listens. The default ports are 15012 (certificates), 15013 (registry),
                # 15014 (bundles) and 8443 (bundle endpoint).
                address: %s

                # How often peers look for new keys of this cluster. A new root signs after it was published for three of these.
                refreshHint: %s

                east-west-gateway:
                  # The one address that a peer must reach.
                  listen: %s:15008
                  # Metrics and readiness, read only, of this process alone.
                  metrics: %s

                node-proxy:
                  # The name of this machine in the cluster; workloads in manifests/ say on which node they run.
                  node: %s
                  metrics: %s
                """.formatted(
                name,
                trustDomain,
                controlPlane,
                refreshHint.toSeconds() % 60 == 0 ? refreshHint.toMinutes() + "m" : refreshHint.toSeconds() + "s",
                gateway,
                metrics(gateway, 1),
                ClusterDirectory.DEFAULT_NODE,
                metrics(node, 2));
    }

    /** Loopback only: the usual port on an address of its own, or the next ports beside the control plane's. */
    private String metrics(String address, int place) {
        return address.startsWith("127.") && !address.equals(controlPlane)
                ? address + ":" + METRICS_PORT
                : "127.0.0.1:" + (METRICS_PORT + METRICS_STEP * place);
    }

    private String example() {
        String range = controlPlane.substring(0, controlPlane.lastIndexOf('.') + 1);
        return """
                # Services, workloads and policies of this cluster: Kubernetes-shaped YAML, read again on every change.
                # Remove the # signs below, one block at a time, to try it. Lines that start with "## " are comments.

                ## A service. The annotation lets connected clusters that have a service of the same name share the endpoints.
                # apiVersion: v1
                # kind: Service
                # metadata:
                #   name: api-server
                #   namespace: shop
                #   annotations:
                #     hanse.io/global: "true"
                # spec:
                #   selector: {app: api-server}
                #   ports: [{port: 80, targetPort: 8080}]
                # ---
                ## A process that serves it, at an address of its own:  jwebserver -b %1$s11 -p 8080
                # apiVersion: hanse.io/v1alpha1
                # kind: Workload
                # metadata:
                #   name: api-server-1
                #   namespace: shop
                #   labels: {app: api-server}
                # spec:
                #   node: %2$s
                #   serviceAccount: api-server
                #   address: %1$s11
                # ---
                ## A process that calls it:  curl http://%1$s12:8081/
                # apiVersion: hanse.io/v1alpha1
                # kind: Workload
                # metadata:
                #   name: frontend
                #   namespace: shop
                # spec:
                #   node: %2$s
                #   serviceAccount: frontend
                #   address: %1$s12
                #   outbound:
                #     - {listen: "%1$s12:8081", service: shop/api-server, port: 80}
                """.formatted(range, ClusterDirectory.DEFAULT_NODE);
    }
}
