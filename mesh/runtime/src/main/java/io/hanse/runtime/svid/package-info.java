/**
 * This process's own X.509-SVID: where it comes from ({@link io.hanse.runtime.svid.OwnSvid}: the file, a join token, a
 * renewal), how it is asked for ({@link io.hanse.runtime.svid.CertificateClient}, which node-proxy also uses for its
 * workloads), and when it must be replaced at once ({@link io.hanse.runtime.svid.AuthorityWatch}).
 *
 * <p>Callers: the wirings. Everything blocks, on virtual threads of the {@link io.hanse.runtime.time.Scheduler};
 * {@code current()} never does. Keys are made here and leave only into this process's own 0600 file (design invariant
 * 2). Standard: {@code istio.v1.auth.IstioCertificateService}, PKCS#10 (RFC 2986), docs/wires.md "Join tokens".
 *
 * <p>Absent on purpose: issuing, Kubernetes tokens, anything that a peer cluster could delay (design invariant 6).
 */
@NullMarked
package io.hanse.runtime.svid;

import org.jspecify.annotations.NullMarked;
