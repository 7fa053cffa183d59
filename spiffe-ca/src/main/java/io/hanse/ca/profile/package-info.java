/**
 * What this certificate authority signs, field by field: authority certificates, X.509-SVID leaves, JWT-SVIDs.
 *
 * <p>Called by authority (certificates of its keys, proofs) and issuance; pure apart from the signature, any thread.
 * Standards: X509-SVID.md, JWT-SVID.md, RFC 5280. Absent on purpose: who may have one, for how long, and the record of it.
 */
@NullMarked
package io.hanse.ca.profile;

import org.jspecify.annotations.NullMarked;
