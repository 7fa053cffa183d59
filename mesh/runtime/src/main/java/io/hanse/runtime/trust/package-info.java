/**
 * The bundle map of this process: {@link io.hanse.runtime.trust.BundleStream} hears it from trust-bundle-exchange and
 * keeps the last good one, in memory and in a file.
 *
 * <p>Callers: the wirings of gateway, registry and node-proxy. Reading never blocks; messages are taken on gRPC's virtual
 * threads. Standard: SPIFFE Workload API 5.2.2, 6.2.2 ({@code FetchX509Bundles}, {@code FetchJWTBundles}).
 *
 * <p>Absent on purpose: pooling roots (each stays under its trust domain), fetching from peers (the exchange does it), a
 * poll.
 */
@NullMarked
package io.hanse.runtime.trust;

import org.jspecify.annotations.NullMarked;
