/**
 * HTTP/2 (RFC 9113) for tunnels only: one handler per TLS connection, CONNECT streams, flow control, limits. HPACK alone
 * is Netty's.
 *
 * <p>Called by {@code io.hanse.transport.hbone}. Everything runs on the connection's event loop; nothing here is safe
 * from another thread unless it says so. Absent on purpose: request bodies, trailers, push, priorities, and anything
 * above a tunnel. Why not Netty's own multiplexer: docs/adr/0004-own-http2-on-netty.md.
 */
@NullMarked
package io.hanse.transport.h2;

import org.jspecify.annotations.NullMarked;
