/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Child;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
        lubeck.manifests().backend(lubeck.backendAddress());
        Child backend = world.startBackend(lubeck);
        world.eventually(
                "calls do not move to the local backend",
                () -> Call.get(lubeck.frontend()).isFrom(lubeck.name()));
        backend.kill();
        backend.awaitEnd(CRASH);
        var killed = world.pace().start();
        world.eventually(
                "calls do not move to bergen after the local backend was killed",
                () -> Call.get(lubeck.frontend()).isFrom(bergen.name()));
        Duration moved = killed.elapsed();
        world.startBackend(lubeck);
        world.eventually(
                "calls do not move back after the local backend was started again",
                () -> Call.get(lubeck.frontend()).isFrom(lubeck.name()));
        lubeck.manifests().removeBackend();
        world.eventually(
                "calls do not move to bergen after the local backend was taken out of the catalog",
                () -> Call.get(lubeck.frontend()).isFrom(bergen.name()));
        return String.format(
                Locale.ROOT,
                "affinity local: local backend answers; killed, bergen answers %.1fs later; started, local answers again",
                moved.toMillis() / 1000.0);
    }

    private String withoutControlPlanes() throws StepFailed {
        for (DemoCluster cluster : List.of(lubeck, bergen)) {
            Child controlPlane = cluster.run().child(Role.CONTROL_PLANE);
            controlPlane.kill();
            controlPlane.awaitEnd(CRASH);
        }
        int good;
        try (Load load = Load.start(world.pace(), lubeck.frontend(), bergen.name())) {
            world.pace().pause(WITHOUT_CONTROL);
            Load.Tally tally = load.end();
            StepFailed.unless(
                    tally.failed() == 0,
                    "%d of %d calls failed without control planes; the first: %s"
                            .formatted(tally.failed(), tally.good() + tally.failed(), tally.firstFailure()));
            good = tally.good();
        }
        for (DemoCluster cluster : List.of(lubeck, bergen)) {
            world.restart(cluster, Role.CONTROL_PLANE);
        }
        lubeck.run().awaitReady();
        bergen.run().awaitReady();
        world.eventually(
                "no call got through after the control planes were started again",
                () -> Call.get(lubeck.frontend()).isFrom(bergen.name()));
        return "both control planes killed: %d calls in %ds, 0 failed; started again"
                .formatted(good, WITHOUT_CONTROL.toSeconds());
    }
}
