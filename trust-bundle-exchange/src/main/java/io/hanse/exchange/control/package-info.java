/**
 * What operators may ask of this process over its Unix socket: status, invitations, relationships, bundles.
 *
 * <p>Called by the shell on virtual threads; calls relationship, fetch and store. This is the edge: outcomes become
 * problem documents here and nowhere deeper. Absent on purpose: any decision.
 */
@NullMarked
package io.hanse.exchange.control;

import org.jspecify.annotations.NullMarked;
