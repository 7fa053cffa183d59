/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Leaves nothing behind however the demo ends, {@code kill -9} included: a shell that is told every process id over a
 * pipe, and when the pipe ends waits for them, ends what is left and removes the folder.
 *
 * <p>It ends a process only if the process still has this demo's folder in its command line, so that a process id used
 * again is never hit. A process that was started and not told of any more is found by that and by the flag that has it end
 * with us. Any thread.
 */
final class Sweeper {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            folder="$1"; remove="$2"; pids=""
            while read -r pid; do pids="$pids $pid"; done
            ours() { tr '\\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$folder"; }
            strays() { grep -laF -- --exit-with-parent /dev/null $(grep -laF -- "$folder/" /proc/[0-9]*/cmdline) | tr -dc '0-9\\n'; }
            for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
              alive=""
              for pid in $pids $(strays 2>/dev/null); do if ours "$pid"; then alive="$alive $pid"; fi; done
              [ -z "$alive" ] && break
              [ "$try" -ge 4 ] && kill -9 $alive
              sleep 1
            done
            [ "$remove" = yes ] && rm -rf -- "$folder"
            """;

    private final OutputStream pids;

    private Sweeper(OutputStream pids) {
        this.pids = pids;
    }

    /** Starts it. */
    static Sweeper watch(Path folder, boolean remove) {
        try {
            Process shell = new ProcessBuilder(
                            List.of("sh", "-c", SCRIPT, "hanse-demo-sweeper", folder.toString(), remove ? "yes" : "no"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Sweeper(shell.getOutputStream());
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "no shell could be started: " + e.getMessage(),
                    "The demo starts nothing that it could not also end.",
                    "check that sh is on the PATH");
        }
    }

    /** Has a process ended with the demo. */
    synchronized void watch(long pid) {
        try {
            pids.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
            pids.flush();
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE, "the sweeper has ended: " + e.getMessage(), "", "run the demo again");
        }
    }
}
