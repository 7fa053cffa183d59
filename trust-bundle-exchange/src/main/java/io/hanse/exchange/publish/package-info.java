/**
 * Serves this trust domain's bundle to the world and gives it its sequence (SPIFFE Federation 5, Bundle 4.1). The same
 * listener takes what peers ask of us; what they are answered is decided elsewhere, behind
 * {@link io.hanse.exchange.publish.PeerRequests}.
 *
 * <p>Called by the wiring. HTTP handlers run on Vert.x event loops and never block there; everything that decides runs on
 * virtual threads of the {@link io.hanse.runtime.time.Scheduler}. Absent on purpose: client authentication (5.2.1.3), any
 * path beside {@code /} and the two of docs/wires.md.
 */
@NullMarked
package io.hanse.exchange.publish;

import org.jspecify.annotations.NullMarked;
