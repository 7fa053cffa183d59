/**
 * Who may have which SVID: join tokens for the first one, the SVID in hand for the next, nodes for the workloads
 * registered on them; and which nodes are banned.
 *
 * <p>Called by api, issuance (the refusal's type) and the wiring; any thread that may block. What is used up or banned is
 * on disk before the answer. Absent on purpose: signing, and the registry itself ({@link Registrations} is the seam).
 */
@NullMarked
package io.hanse.ca.attest;

import org.jspecify.annotations.NullMarked;
