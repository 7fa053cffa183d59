/**
 * The operator's command: what {@code connect-clusters} does when it starts.
 *
 * <p>Called by the JVM only. Everything runs on the main thread unless a room says otherwise. Deliberately absent: any
 * code of the five processes; what the command knows of them it asks over their control sockets.
 */
@NullMarked
package io.hanse.cli;

import org.jspecify.annotations.NullMarked;
