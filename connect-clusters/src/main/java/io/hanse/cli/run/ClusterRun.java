/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import io.hanse.cli.time.Pace;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The processes of one cluster on this machine: started together, ended together.
 *
 * <p>Used by one thread; {@link #close} may be called by another, once.
 */
public final class ClusterRun implements AutoCloseable {

    /** A cold start of three JVMs on a slow machine with one core. */
    public static final Duration START_DEADLINE = Duration.ofSeconds(90);

    /** The processes' own drain deadline is 10 s; a little more before they are ended at once. */
    private static final Duration END_DEADLINE = Duration.ofSeconds(12);

    private static final Duration POLL = Duration.ofMillis(50);

    /** The processes of a whole cluster. */
    public static final List<Role> WHOLE = List.of(Role.CONTROL_PLANE, Role.EAST_WEST_GATEWAY, Role.NODE_PROXY);

    private static final List<Role> CONTROL_PLANE = Role.CONTROL_PLANE.plays();

    private final ClusterControl control;
    private final JoinTokens tokens;
    private final Installation installation;
    private final Pace pace;
    private final Map<Role, Child> children = new EnumMap<>(Role.class);
    private volatile boolean ending;

    public ClusterRun(ClusterControl control, Installation installation, Pace pace) {
        this.control = control;
        this.tokens = new JoinTokens(control);
        this.installation = installation;
        this.pace = pace;
    }

    /** The cluster whose processes these are. */
    public ClusterControl control() {
        return control;
    }

    /** Whether {@link #close} was called: a process that ends from then on was told to. */
    public boolean ending() {
        return ending;
    }

    /** Refuses to start processes of which one runs already: two cannot share one state. */
    public static void requireNoneRuns(ClusterControl control, List<Role> processes) {
        for (Role role :
                processes.stream().flatMap(process -> process.plays().stream()).toList()) {
            if (control.tryGet(role, "/v1/process") instanceof ControlReply.Answered answered) {
                throw new CliFailure(
                        ExitCode.PROBLEM,
                        "%s of %s runs already (pid %s)"
                                .formatted(
                                        role.text(),
                                        control.directory().name(),
                                        answered.body().path("pid").asText("unknown")),
                        "Nothing was started: two processes cannot share one state folder.",
                        "connect-clusters status --dir " + control.directory().root());
            }
        }
    }

    /** Starts the three processes without waiting for them. */
    public void launchAll() {
        WHOLE.forEach(this::launch);
    }

    /** Starts one process without waiting for it. */
    public synchronized Child launch(Role role) {
        if (ending) {
            throw CliFailure.interrupted();
        }
        ClusterDirectory directory = control.directory();
        Child child = Child.start(
                role.text() + " of " + directory.name(),
                installation.command(role, directory),
                directory.root(),
                directory.log(role));
        children.put(role, child);
        return child;
    }

    /** Waits until every process that was launched is ready, giving out join tokens as soon as spiffe-ca can make them. */
    public void awaitReady() {
        if (children.containsKey(Role.CONTROL_PLANE)) {
            awaitListening(Role.SPIFFE_CA);
            giveTokens(List.of(
                    Role.TRUST_BUNDLE_EXCHANGE, Role.CLUSTER_REGISTRY, Role.EAST_WEST_GATEWAY, Role.NODE_PROXY));
            CONTROL_PLANE.forEach(this::awaitReady);
        }
        children.keySet().stream().filter(role -> role != Role.CONTROL_PLANE).forEach(this::awaitReady);
    }

    /** Gives a join token to each of {@code roles} that holds no certificate yet. */
    public void giveTokens(List<Role> roles) {
        roles.stream().filter(role -> !hasOwnSvid(role)).forEach(tokens::give);
    }

    /** The process of a role. */
    public synchronized Child child(Role role) {
        Child child = children.get(role);
        if (child == null) {
            throw new IllegalStateException(role + " was not launched");
        }
        return child;
    }

    /** What each role that was launched says of itself. */
    public List<JsonNode> processes() {
        return Arrays.stream(Role.values())
                .filter(role -> role != Role.CONTROL_PLANE)
                .filter(role -> children.containsKey(role)
                        || (CONTROL_PLANE.contains(role) && children.containsKey(Role.CONTROL_PLANE)))
                .map(role -> control.get(role, "/v1/process"))
                .toList();
    }

    /** Every process that was launched. */
    public synchronized List<Child> all() {
        return List.copyOf(children.values());
    }

    /** Waits until {@code role} says of itself that it is ready. */
    public void awaitReady(Role role) {
        await(
                role,
                "was not ready",
                () -> control.tryGet(role, "/v1/process") instanceof ControlReply.Answered answered
                        && answered.body().path("ready").asBoolean());
    }

    private void awaitListening(Role role) {
        // A role answers about itself before it listens; until it does it gives no join tokens.
        await(
                role,
                "did not listen",
                () -> control.tryGet(role, "/v1/process") instanceof ControlReply.Answered answered
                        && !answered.body().path("addresses").isEmpty());
    }

    private void await(Role role, String what, java.util.function.BooleanSupplier condition) {
        Child child = child(CONTROL_PLANE.contains(role) && !children.containsKey(role) ? Role.CONTROL_PLANE : role);
        boolean held = pace.until(START_DEADLINE, POLL, () -> !child.isAlive() || condition.getAsBoolean());
        if (!child.isAlive()) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "%s ended while starting (exit status %d)".formatted(child.name(), child.exitValue()),
                    "It said last:\n" + child.lastLines().indent(2).stripTrailing(),
                    "correct what it names, then run again; all it said: " + child.log());
        }
        if (!held) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "%s %s within %s".formatted(child.name(), what, START_DEADLINE),
                    "It said last:\n" + child.lastLines().indent(2).stripTrailing(),
                    "curl --unix-socket %s http://localhost/v1/process"
                            .formatted(control.directory().socket(role)));
        }
    }

    private boolean hasOwnSvid(Role role) {
        ClusterDirectory directory = control.directory();
        return Files.isRegularFile(
                directory.state().resolve(directory.instance(role)).resolve("own-svid.pem"));
    }

    /** Ends all: asks each, waits, and at last ends at once what is left. Nothing is launched any more. */
    @Override
    public void close() {
        end(END_DEADLINE);
    }

    /** Ends all, with more patience than usual or less. */
    public void end(Duration deadline) {
        List<Child> last = noMore().reversed();
        last.forEach(Child::terminate);
        Pace.Stopwatch watch = pace.start();
        for (Child child : last) {
            Duration left = deadline.minus(watch.elapsed());
            child.awaitEnd(left.isNegative() ? Duration.ZERO : left);
        }
    }

    private synchronized List<Child> noMore() {
        ending = true;
        return all();
    }
}
