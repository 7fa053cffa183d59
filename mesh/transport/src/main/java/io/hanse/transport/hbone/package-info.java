/**
 * HBONE: HTTP/2 CONNECT over mutual TLS 1.3, as server and as pooled client, and double tunnels through a gateway
 * (docs/wires.md, part HBONE).
 *
 * <p>Doors: {@link io.hanse.transport.hbone.HboneServer} and {@link io.hanse.transport.hbone.TunnelPool}. Called by
 * node-proxy and east-west-gateway. Every callback runs on the event loop of the connection it is about and must not
 * block. Absent on purpose: who may call whom (a {@link io.hanse.transport.hbone.TunnelAcceptor} decides), endpoint
 * choice, retries, metrics registries.
 */
@NullMarked
package io.hanse.transport.hbone;

import org.jspecify.annotations.NullMarked;
