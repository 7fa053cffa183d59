/**
 * One class per command: its options and what it does with them.
 *
 * <p>Main thread. A command finds its cluster, asks or tells processes, and hands values to the room {@code show}.
 * Absent on purpose: output by any other way than {@link io.hanse.cli.show.Screen}.
 */
@NullMarked
package io.hanse.cli.command;

import org.jspecify.annotations.NullMarked;
