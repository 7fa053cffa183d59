/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.run.Installation;
import io.hanse.cli.show.Screen;
import io.hanse.cli.show.Times;
import io.hanse.cli.show.Tone;
import io.hanse.cli.time.Pace;
import io.hanse.model.reason.InWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs the steps, shows each as it ends, and cleans up however it ends. */
public final class Demo {

    private static final int NAME_COLUMN = 12;

    private final Screen screen;
    private final Pace pace;
    private final Installation installation;
    private final @Nullable Path wantedFolder;
    private final boolean keep;
    private volatile boolean finished;
    private volatile boolean endedEarly;

    /**
     * A demo.
     *
     * @param wantedFolder where to work, kept afterwards; null for a temporary folder
     * @param keep whether to stop before the last step and leave everything running
     */
    public Demo(Screen screen, Pace pace, Installation installation, @Nullable Path wantedFolder, boolean keep) {
        this.screen = screen;
        this.pace = pace;
        this.installation = installation;
        this.wantedFolder = wantedFolder;
        this.keep = keep;
    }

    /** Runs it to its end, or with {@code keep} until Ctrl-C. */
    public ExitCode run() {
        Path folder = folder();
        DemoWorld.check(folder);
        Sweeper sweeper = Sweeper.watch(folder, wantedFolder == null);
        make(folder);
        try (DemoWorld world = new DemoWorld(folder, sweeper, installation, pace)) {
            Pace.atExit(() -> endEarly(world));
            List<Step> steps = steps(world);
            List<Step.Result> results = new ArrayList<>();
            for (Step step : steps) {
                screen.progress(number(results.size() + 1, step.name()) + "...");
                Step.Result result = prove(step);
                if (endedEarly) {
                    return ExitCode.INTERRUPTED; // it failed because its processes ended: no finding, no logs to keep
                }
                screen.progress("");
                results.add(result);
                show(results.size(), result);
                if (!result.held()) {
                    break; // each step stands on the one before
                }
            }
            for (int left = results.size(); left < steps.size(); left++) {
                screen.line(number(left + 1, steps.get(left).name()) + screen.tinted(Tone.QUIET, "not run"));
            }
            boolean held = results.size() == steps.size() && results.stream().allMatch(Step.Result::held);
            end(world, steps.size(), results, held);
            finished = true;
            return held ? ExitCode.FINE : ExitCode.PROBLEM;
        }
    }

    private List<Step> steps(DemoWorld world) {
        SupplySteps supply = new SupplySteps(world);
        TrustSteps trust = new TrustSteps(world);
        List<Step> steps = new ArrayList<>(new ConnectSteps(world).steps());
        steps.add(supply.failover());
        steps.add(trust.rotate());
        steps.add(trust.forged());
        steps.add(supply.controlGone());
        if (!keep) {
            steps.add(trust.disconnect());
        }
        return steps;
    }

    private Step.Result prove(Step step) {
        Pace.Stopwatch watch = pace.start();
        try {
            return new Step.Result(step.name(), true, step.proof().show(), watch.elapsed());
        } catch (StepFailed e) {
            return new Step.Result(step.name(), false, InWords.of(e), watch.elapsed());
        } catch (CliFailure e) {
            return new Step.Result(step.name(), false, e.what() + ". " + e.meaning(), watch.elapsed());
        }
    }

    private void show(int number, Step.Result result) {
        String shown = result.held() ? result.shown() : screen.tinted(Tone.BAD, "did not hold: ") + result.shown();
        (number(number, result.name()) + shown + "  " + screen.tinted(Tone.QUIET, Times.took(result.took())))
                .lines()
                .forEach(screen::line);
    }

    private static String number(int number, String name) {
        return "%2d  %s%s".formatted(number, name, " ".repeat(NAME_COLUMN - name.length()));
    }

    private void end(DemoWorld world, int steps, List<Step.Result> results, boolean held) {
        long good = results.stream().filter(Step.Result::held).count();
        screen.line("");
        screen.line("%s of %d held.%s"
                .formatted(
                        screen.tinted(held ? Tone.GOOD : Tone.BAD, Long.toString(good)),
                        steps,
                        held && !keep ? " Try it yourself:  bin/connect-clusters demo --keep" : ""));
        if (!held) {
            screen.line("What the processes said is in %s".formatted(world.keepLogs(wantedFolder)));
        }
        if (keep && held) {
            Path file = new DemoDocument(world).write();
            TryIt.lines(world, file).forEach(screen::line);
            pace.await(new CompletableFuture<>());
        }
    }

    /** Ctrl-C, a signal, the terminal gone: what the steps still say would only be that their processes end. */
    private void endEarly(DemoWorld world) {
        if (!finished) {
            endedEarly = true;
            screen.end("Ending what the demo started.");
        }
        world.close();
    }

    /** A name only, so that the sweeper knows it before there is anything to sweep. */
    private Path folder() {
        return wantedFolder == null
                ? Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "hanse-demo-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong()))
                : wantedFolder.toAbsolutePath().normalize();
    }

    private void make(Path folder) {
        try {
            if (wantedFolder == null) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "the demo's folder cannot be made: " + e.getMessage(),
                    "Nothing was started.",
                    "give --dir with a folder you can write");
        }
    }
}
