/**
 * The only place of the command that reads a clock or waits.
 *
 * <p>Any thread. Absent on purpose: timers; the command waits for one thing at a time.
 */
@NullMarked
package io.hanse.cli.time;

import org.jspecify.annotations.NullMarked;
