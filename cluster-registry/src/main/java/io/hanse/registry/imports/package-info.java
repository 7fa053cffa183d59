/**
 * What peers export to this cluster: subscribed to through their gateways, checked, and used for no longer than a lease.
 *
 * <p>Door: {@link io.hanse.registry.imports.PeerImports}. Each peer has one {@code PeerSubscription} whose lock guards it;
 * tasks come from the scheduler and from gRPC's virtual threads. Nothing a peer does reaches another peer or this
 * cluster's own services (design invariants 5 and 6). Contact is a message of the peer's registry on its authenticated
 * stream; a quiet registry sends an empty response every few seconds (docs/wires.md). Absent on purpose: trust, which the
 * bundles decide; endpoints' health, which proxies find out.
 */
@NullMarked
package io.hanse.registry.imports;

import org.jspecify.annotations.NullMarked;
