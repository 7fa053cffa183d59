/**
 * Each process is killed with {@code -9} at each step of the demo's story, and started again: what was accepted is there,
 * nothing goes back, and calls that did not need the dead process never failed. {@code tests/bin/kill-matrix} runs all of
 * it, {@code KillMatrixTest} a slice. One thread tells the story; calls go on beside it.
 */
@NullMarked
package io.hanse.tests.kill;

import org.jspecify.annotations.NullMarked;
