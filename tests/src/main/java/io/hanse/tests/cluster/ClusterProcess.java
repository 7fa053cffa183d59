/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.demo.AccessLog;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Child;
import io.hanse.cli.run.Installation;
import io.hanse.cli.run.JoinTokens;
import io.hanse.cli.time.Pace;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One process of a cluster, through all its lives: it keeps its state and its log. Any thread. */
public final class ClusterProcess {

    /** The processes' own drain deadline is 10 s. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private static final Duration TOKEN_AGAIN = Duration.ofSeconds(15);
    private static final Duration SCRAPE = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Role role;
    private final ClusterControl ca;
    private final ClusterControl control;
    private final Installation installation;
    private final Path log;
    private volatile @Nullable Child child;

    /**
     * @param ca where join tokens are made
     * @param directory the folder this process runs in: the cluster's, or a further node's own
     */
    ClusterProcess(Role role, ClusterControl ca, ClusterDirectory directory, Installation installation) {
        this.role = role;
        this.ca = ca;
        this.control = new ClusterControl(directory, Await.PACE);
        this.installation = installation;
        this.log = directory.log(role);
    }

    /** What it was started as. */
    public Role role() {
        return role;
    }

    /** Its name among all processes of a world: {@code lubeck/control-plane}, {@code lubeck/node-proxy-b}. */
    public String name() {
        return control.directory().name() + "/" + control.directory().instance(role);
    }

    /** The roles in it: three in a combined control plane, else one. */
    public List<Role> roles() {
        return role == Role.CONTROL_PLANE
                ? List.of(Role.SPIFFE_CA, Role.TRUST_BUNDLE_EXCHANGE, Role.CLUSTER_REGISTRY)
                : List.of(role);
    }

    /** Starts it without waiting for it. */
    public synchronized void start() {
        if (isAlive()) {
            throw new IllegalStateException(name() + " runs already");
        }
        ClusterDirectory directory = control.directory();
        child = Child.start(name(), installation.command(role, directory), directory.root(), log);
    }

    /** {@code kill -9}; it is gone when this returns. */
    public synchronized void kill() {
        running().kill();
        running().awaitEnd(DRAIN);
    }

    /** SIGTERM; says whether it ended by itself within its drain, and ends it at once if not. */
    public boolean terminate() {
        return terminate(DRAIN);
    }

    synchronized boolean terminate(Duration patience) {
        running().terminate();
        return running().awaitEnd(patience);
    }

    /** {@code kill -9}, then a start with the same state, without waiting for readiness. */
    public void restart() {
        kill();
        start();
    }

    /** Its process id now. */
    public long pid() {
        return running().pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        Child now = child;
        return now != null && now.isAlive();
    }

    /** Its exit status; only when it has ended. */
    public int exitValue() {
        return running().exitValue();
    }

    /** Waits until every role in it says that it is ready; gives a join token to those that have no SVID yet. */
    public void awaitReady() {
        if (role == Role.CONTROL_PLANE || role == Role.SPIFFE_CA) {
            until(
                    "listens",
                    () -> ca.tryGet(Role.SPIFFE_CA, "/v1/process") instanceof ControlReply.Answered answered
                            && !answered.body().path("addresses").isEmpty());
        }
        AtomicReference<Pace.Stopwatch> sinceTokens = new AtomicReference<>(giveTokens());
        until("is ready", () -> {
            // A token names the roots of its moment: where authorities live a minute, a slow start needs another one.
            if (sinceTokens.get().elapsed().compareTo(TOKEN_AGAIN) > 0) {
                sinceTokens.set(giveTokens());
            }
            return roles().stream().allMatch(this::isReady);
        });
    }

    private Pace.Stopwatch giveTokens() {
        roles().stream().filter(one -> one != Role.SPIFFE_CA && !hasSvid(one)).forEach(this::giveToken);
        return Await.PACE.start();
    }

    /** Waits until the authority in it listens: it gives join tokens then. */
    void awaitAuthority() {
        until(
                "listens",
                () -> ca.tryGet(Role.SPIFFE_CA, "/v1/process") instanceof ControlReply.Answered answered
                        && !answered.body().path("addresses").isEmpty());
    }

    /** Whether a role in it says that it is ready. */
    public boolean isReady(Role one) {
        return control.tryGet(one, "/v1/process") instanceof ControlReply.Answered answered
                && answered.body().path("ready").asBoolean();
    }

    /** The control API over its Unix socket; name the role, since a control plane has three. */
    public ClusterControl control() {
        return control;
    }

    /** Its metrics, as a scraper gets them. */
    public String metrics() {
        JsonNode process = control.get(roles().getFirst(), "/v1/process");
        URI uri = URI.create("http://" + process.path("metrics").asText() + "/metrics");
        try {
            return HTTP.send(HttpRequest.newBuilder(uri).timeout(SCRAPE).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError("no metrics of %s at %s".formatted(name(), uri), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Everything it printed in all its lives. */
    public Path log() {
        return log;
    }

    /** Its JSON lines, access log included. */
    public AccessLog accessLog() {
        return new AccessLog(log, Await.PACE);
    }

    /** The file with the SVID of a role in it. */
    public Path ownSvid(Role one) {
        ClusterDirectory directory = control.directory();
        return directory.state().resolve(directory.instance(one)).resolve("own-svid.pem");
    }

    private boolean hasSvid(Role one) {
        try {
            X509Svid held = X509Svid.ofPem(Files.readAllBytes(ownSvid(one)));
            return Await.PACE.now().isBefore(held.expiresAt());
        } catch (IOException | MalformedSvid e) {
            return false; // none yet
        }
    }

    private void giveToken(Role one) {
        JoinTokens tokens = new JoinTokens(ca);
        // The identity is of the folder that the process runs in; the token is made by the cluster's own authority.
        String token = tokens.mint(new JoinTokens(control).identity(one), JoinTokens.LIFETIME)
                .path("token")
                .asText();
        ClusterDirectory directory = control.directory();
        JoinTokens.write(directory.run().resolve("join").resolve(directory.instance(one) + ".token"), token);
    }

    private void until(String what, java.util.function.BooleanSupplier condition) {
        Await.until(
                name() + " " + what,
                Await.PATIENCE,
                () -> {
                    if (!isAlive()) {
                        throw new AssertionError("%s ended with status %d; it said last:\n%s"
                                .formatted(name(), exitValue(), running().lastLines()));
                    }
                    return condition.getAsBoolean();
                },
                () -> "; it said last:\n" + running().lastLines());
    }

    private Child running() {
        Child now = child;
        if (now == null) {
            throw new IllegalStateException(name() + " was never started");
        }
        return now;
    }

    @Override
    public String toString() {
        return name();
    }
}
