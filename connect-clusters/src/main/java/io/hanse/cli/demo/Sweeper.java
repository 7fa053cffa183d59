/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.run.Child;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Leaves nothing behind however the demo ends, {@code kill -9} included: a shell that is told every process id over a
 * pipe, and when the pipe ends waits for them, ends what is left and removes the folder.
 *
 * <p>It ends a process only if this one started it ({@link Child} tells each with whom it ends) and it has the folder in its
 * command line: neither a process id that was used again is hit nor somebody else's cluster below the folder. By the same a
 * process is found that was started and not told of any more. Any thread.
 */
final class Sweeper {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            folder="$1"; remove="$2"; parent="HANSE_PARENT_PID=$3"; pids=""
            while read -r pid; do pids="$pids $pid"; done
            words() { tr '\\0' '\\n' <"/proc/$1" 2>/dev/null; }
            ours() { words "$1/environ" | grep -qxF -- "$parent" && words "$1/cmdline" | grep -qF -- "$folder"; }
            strays() { grep -lF -- "$parent" /proc/[0-9]*/environ | tr -dc '0-9\\n'; }
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
            return new Sweeper(
                    shell(folder, remove, ProcessHandle.current().pid()).getOutputStream());
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "no shell could be started: " + e.getMessage(),
                    "The demo starts nothing that it could not also end.",
                    "check that sh is on the PATH");
        }
    }

    /** The shell: it begins to sweep when its standard input ends. */
    static Process shell(Path folder, boolean remove, long parent) throws IOException {
        return new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        SCRIPT,
                        "hanse-demo-sweeper",
                        folder.toString(),
                        remove ? "yes" : "no",
                        Long.toString(parent)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
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
