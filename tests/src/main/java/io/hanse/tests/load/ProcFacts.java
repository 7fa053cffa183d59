/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What Linux says of a process. */
public final class ProcFacts {

    /** USER_HZ, the unit of utime and stime in /proc; 100 on every Linux architecture there is a JDK 25 for. */
    private static final double TICKS_PER_SECOND = 100;

    /** proc(5): utime and stime are fields 14 and 15; the state after the name in parentheses is field 3. */
    private static final int UTIME = 14 - 3;

    private static final double KILOBYTES_PER_MEGABYTE = 1024;

    private ProcFacts() {}

    /** Seconds of CPU all of these have used so far, in user mode and in the kernel. */
    static double cpuSeconds(Collection<Long> pids) {
        return pids.stream().mapToDouble(ProcFacts::cpuSeconds).sum();
    }

    /** This process's own. */
    static double ownCpuSeconds() {
        return cpuSeconds(ProcessHandle.current().pid());
    }

    static double cpuSeconds(long pid) {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
    }

    /** Resident memory now. */
    public static double residentMegabytes(long pid) {
        return status(pid, "VmRSS:") / KILOBYTES_PER_MEGABYTE;
    }

    /** The most that was ever resident. */
    static double peakMegabytes(long pid) {
        return status(pid, "VmHWM:") / KILOBYTES_PER_MEGABYTE;
    }

    public static int threads(long pid) {
        return (int) status(pid, "Threads:");
    }

    /** The command that started it. */
    static List<String> commandLine(long pid) {
        return List.of(read(pid, "cmdline").split("\0", 0));
    }

    private static long status(long pid, String key) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line ->
                        Long.parseLong(line.substring(key.length()).strip().split(" ", -1)[0]))
                .findFirst()
                .orElse(0);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException("process %d is gone".formatted(pid), e);
        }
    }
}
