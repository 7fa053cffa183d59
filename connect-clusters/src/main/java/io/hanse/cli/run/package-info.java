/**
 * Starting a cluster's processes as child processes, giving them their join tokens, and ending them.
 *
 * <p>Main thread, and the JVM's shutdown thread for ending. Absent on purpose: any class of the processes (their main
 * classes are names), and restarting: what ends is reported, never silently started again.
 */
@NullMarked
package io.hanse.cli.run;

import org.jspecify.annotations.NullMarked;
