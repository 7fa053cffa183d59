/**
 * New roots under load: authorities that live a minute, SVIDs that live ten seconds, and a root replaced by force in the
 * middle, in two clusters, while calls and handshakes do not stop. {@code tests/bin/rotation} runs it for three minutes,
 * {@code RotationTest} for one. Virtual threads; the handshakes' client runs on two event loops of its own, with the
 * product's own transport, because only a client that opens tunnels itself makes a handshake for each call.
 */
@NullMarked
package io.hanse.tests.rotation;

import org.jspecify.annotations.NullMarked;
