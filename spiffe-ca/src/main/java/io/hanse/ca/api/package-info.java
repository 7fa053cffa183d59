/**
 * The edges of the certificate authority: gRPC messages and control requests to questions for attest, issuance and
 * authority, and their outcomes to statuses and problems.
 *
 * <p>Called by the wiring. Handlers run on virtual threads and may block. Standards: istio.v1.auth (CreateCertificate),
 * SPIFFE_Workload_API.md 4 and 5.2.2, SPIFFE_Workload_Endpoint.md 3 and 6, RFC 9457. Absent on purpose: decisions.
 */
@NullMarked
package io.hanse.ca.api;

import org.jspecify.annotations.NullMarked;
