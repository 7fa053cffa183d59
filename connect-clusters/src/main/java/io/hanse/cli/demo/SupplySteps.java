/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Child;
import io.hanse.cli.time.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What happens when parts are gone: a local backend, the control planes. */
final class SupplySteps {

    private static final Duration WITHOUT_CONTROL = Duration.ofSeconds(3);
    private static final Duration CRASH = Duration.ofSeconds(5);

    private final DemoWorld world;
    private final DemoCluster lubeck;
    private final DemoCluster bergen;

    SupplySteps(DemoWorld world) {
        this.world = world;
        this.lubeck = world.lubeck();
        this.bergen = world.bergen();
    }

    Step failover() {
        return new Step("failover", this::localGoneAndBack);
    }

    Step controlGone() {
        return new Step("static", this::withoutControlPlanes);
    }

    private String localGoneAndBack() throws StepFailed {
        lubeck.manifests().service(Map.of("hanse.io/global", "true", "hanse.io/affinity", "local"));
        try (Load load = Load.start(world.pace(), lubeck.frontend(), Set.of(lubeck.name(), bergen.name()))) {
            Child backend = world.startBackend(lubeck);
            lubeck.manifests().backend(lubeck.backendAddress());
            movesTo(lubeck, "after a local backend was started");
            // Between two calls: one that a killed server was answering is lost whatever a mesh does.
            load.between(() -> {
                backend.kill();
                backend.awaitEnd(CRASH);
            });
            Duration moved = movesTo(bergen, "after the local backend was killed");
            world.startBackend(lubeck);
            Duration home = movesTo(lubeck, "after the local backend was started again");
            lubeck.manifests().removeBackend();
            movesTo(bergen, "after the local backend was taken out of the catalog");
            Load.Tally tally = load.end();
            tally.requireNoFailure("while calls moved between lubeck and bergen");
            return String.format(
                    Locale.ROOT,
                    "local backend killed: bergen answers %.1fs later; started: local again %.1fs later; %d calls, 0 failed",
                    moved.toMillis() / 1000.0,
                    home.toMillis() / 1000.0,
                    tally.good());
        }
    }

    private Duration movesTo(DemoCluster cluster, String when) throws StepFailed {
        Pace.Stopwatch watch = world.pace().start();
        world.eventually(
                "calls do not move to %s %s".formatted(cluster.name(), when),
                () -> Call.get(lubeck.frontend()).isFrom(cluster.name()));
        return watch.elapsed();
    }

    private String withoutControlPlanes() throws StepFailed {
        for (DemoCluster cluster : List.of(lubeck, bergen)) {
            Child controlPlane = cluster.run().child(Role.CONTROL_PLANE);
            controlPlane.kill();
            controlPlane.awaitEnd(CRASH);
        }
        int good;
        try (Load load = Load.start(world.pace(), lubeck.frontend(), Set.of(bergen.name()))) {
            world.pace().pause(WITHOUT_CONTROL);
            Load.Tally tally = load.end();
            tally.requireNoFailure("without control planes");
            good = tally.good();
        }
        for (DemoCluster cluster : List.of(lubeck, bergen)) {
            world.restart(cluster, Role.CONTROL_PLANE);
        }
        world.awaitBoth();
        world.eventually(
                "no call got through after the control planes were started again",
                () -> Call.get(lubeck.frontend()).isFrom(bergen.name()));
        return "both control planes killed: %d calls in %ds, 0 failed; started again"
                .formatted(good, WITHOUT_CONTROL.toSeconds());
    }
}
