/**
 * Talking to the processes of a cluster over their control sockets: HTTP and JSON over a Unix socket that only the
 * operator's user can open (docs/wires.md, "Control API").
 *
 * <p>Any thread; a request blocks its thread until its deadline. Written on the JDK's channels rather than Vert.x,
 * because the command must answer at once and one request per connection is all it needs. Deliberately absent: TCP.
 */
@NullMarked
package io.hanse.cli.control;

import org.jspecify.annotations.NullMarked;
