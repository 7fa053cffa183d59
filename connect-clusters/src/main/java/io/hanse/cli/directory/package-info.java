/**
 * A standalone cluster's directory: finding it, making it, and reaching the control sockets in it (docs/wires.md, "A
 * cluster's directory").
 *
 * <p>Main thread. Absent on purpose: the meaning of the processes' own sections in {@code cluster.yaml}; each process
 * reads its own, the command reads only what it needs to find their sockets.
 */
@NullMarked
package io.hanse.cli.directory;

import org.jspecify.annotations.NullMarked;
