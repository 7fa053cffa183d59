/**
 * Mutual TLS 1.3 from SVIDs. Every peer is verified by {@link io.hanse.model.x509.SvidVerifier} with the bundle of the
 * trust domain that its own SPIFFE ID names (design invariant 1, WL-4.6); what a public web client would check instead
 * (host names, one shared root store) is never consulted.
 *
 * <p>Callers: HBONE (Netty, {@link io.hanse.transport.tls.SpiffeTls}), gRPC and Vert.x ({@link
 * io.hanse.transport.tls.SvidKeyManager} with {@link io.hanse.transport.tls.SpiffeTrustManager}).
 *
 * <p>Threads: everything here may be called from any thread and nothing blocks; a handshake verifies on the thread that
 * drives it. Standard: X509-SVID.md sections 4 and 5, RFC 8446.
 *
 * <p>Absent on purpose: session tickets, resumption and TLS 1.2 (each connection verifies), SNI unless asked for,
 * revocation lists (short lives and bundle changes do that work), issuing.
 */
@NullMarked
package io.hanse.transport.tls;

import org.jspecify.annotations.NullMarked;
