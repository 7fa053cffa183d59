/**
 * What the exchange must remember: its own bundle with its sequence, relationships, peers' bundles, invitations and
 * farewells. One immutable image, one publisher, one durable file, so that any change is there whole or not at all.
 *
 * <p>Called by every other room of this process, from any thread; {@link io.hanse.exchange.store.StateStore} serialises
 * changes. Standard: SPIFFE Federation 4.2 and 6. Absent on purpose: sockets, timers, and any private key. The secrets
 * of open invitations are here, which is why the file is 0600.
 */
@NullMarked
package io.hanse.exchange.store;

import org.jspecify.annotations.NullMarked;
