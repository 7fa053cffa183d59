/**
 * The delta ADS server: what proxies, gateways and peers' registries are told, each its own view.
 *
 * <p>Door: {@link io.hanse.registry.xds.AdsServer}. A stream holds no queue: it remembers what it last sent of each type
 * and sends the difference to the latest snapshot once the client has answered the response before, so that only the
 * latest state of a resource is ever sent. gRPC's virtual threads and the scheduler's enter a stream under its lock, which
 * is never held over anything that blocks. Standard: xDS delta protocol (istio.md 2.3, 2.4), docs/wires.md. Absent on
 * purpose: state-of-the-world xDS, other types.
 */
@NullMarked
package io.hanse.registry.xds;

import org.jspecify.annotations.NullMarked;
