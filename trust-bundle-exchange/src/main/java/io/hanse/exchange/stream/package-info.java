/**
 * Tells this cluster's own processes whom to trust: the whole bundle map over
 * {@code SpiffeWorkloadAPI/FetchX509Bundles} and {@code /FetchJWTBundles}, and the live relationships over
 * {@code hanse.exchange.v1.Relationships/Watch}. Pushed on each change, the first message at once (WL-4.3).
 *
 * <p>Called by the wiring; gRPC calls in on virtual threads. Only members of the own trust domain get through the
 * handshake. Standard: SPIFFE_Workload_API.md 5.2.2, 6.2.2. Absent on purpose: SVIDs (UNIMPLEMENTED here), and a stream
 * that ends with OK, after which some clients never come back.
 */
@NullMarked
package io.hanse.exchange.stream;

import org.jspecify.annotations.NullMarked;
