/**
 * Makes and ends relationships with other clusters: invitations, their acceptance, farewells (docs/wires.md,
 * "Invitations"; SPIFFE Federation 6).
 *
 * <p>Called by control (the operator's side) and, through seams of publish, by peers. Blocking, on virtual threads;
 * decisions are made inside {@link io.hanse.exchange.store.StateStore}, so they are whole or not at all. Absent on
 * purpose: private keys, and any trust in what a peer says before its proof is checked.
 */
@NullMarked
package io.hanse.exchange.relationship;

import org.jspecify.annotations.NullMarked;
