/**
 * Everything at once for a while: calls, handshakes, rotation, policies that change, a third cluster that joins and leaves
 * again and again. What every process holds is measured after the warm-up and at the end, and growth beyond
 * {@link io.hanse.tests.soak.Growth} fails. {@code tests/bin/soak 1h}; {@code SoakTest} runs two minutes. Counts, not
 * timings, decide: the machine may be busy. Virtual threads.
 */
@NullMarked
package io.hanse.tests.soak;

import org.jspecify.annotations.NullMarked;
