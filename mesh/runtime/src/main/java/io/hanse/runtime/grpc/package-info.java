/**
 * gRPC between processes, over mutual TLS from SVIDs: {@link io.hanse.runtime.grpc.GrpcServer}, {@link
 * io.hanse.runtime.grpc.GrpcChannels}, and who calls ({@link io.hanse.runtime.grpc.Caller}).
 *
 * <p>Callers: the wirings of the processes and the client rooms beside this one (svid, trust, xds). Calls are served on
 * virtual threads, so a handler may block; nothing here runs on an event loop but TLS and framing. Both ends read the
 * current SVID and the current bundles at every handshake: a renewal needs no restart. On every change of the bundles both
 * verify their open connections again and end those whose peer no longer verifies (TRUST_WITHDRAWN).
 *
 * <p>Absent on purpose: plain text, host name checks, service configs, name resolvers other than DNS, retries inside a
 * call.
 */
@NullMarked
package io.hanse.runtime.grpc;

import org.jspecify.annotations.NullMarked;
