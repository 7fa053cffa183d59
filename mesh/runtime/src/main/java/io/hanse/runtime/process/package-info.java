/**
 * The shell every process runs in: arguments, configuration, start, readiness, drain, exit code.
 *
 * <p>Called by each process's Main alone. Signals arrive on the JVM's shutdown thread and drain with a deadline.
 * Standard: exit codes of sysexits.h. Absent on purpose: a container, daemonising, restarting a part that failed.
 */
@NullMarked
package io.hanse.runtime.process;

import org.jspecify.annotations.NullMarked;
