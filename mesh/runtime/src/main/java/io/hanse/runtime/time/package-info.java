/**
 * Time as seams: delayed work, elapsed time, backoff and jitter. The deterministic twins are in the test-jar.
 *
 * <p>The only room (with process) that may start threads or read a clock. Tasks run on virtual threads. Wall time is
 * {@link java.time.InstantSource}. Absent on purpose: cron expressions, a pool size.
 */
@NullMarked
package io.hanse.runtime.time;

import org.jspecify.annotations.NullMarked;
