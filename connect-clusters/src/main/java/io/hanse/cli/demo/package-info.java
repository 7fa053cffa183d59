/**
 * The story that proves the product in a minute: two clusters, two unrelated roots, real processes, every claim checked.
 *
 * <p>Main thread, with one thread of calls beside it while load must not stop. Absent on purpose: any shortcut; the demo
 * does what an operator would do, by the same files and sockets.
 */
@NullMarked
package io.hanse.cli.demo;

import org.jspecify.annotations.NullMarked;
