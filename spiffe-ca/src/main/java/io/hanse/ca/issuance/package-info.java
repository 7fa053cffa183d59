/**
 * From a request to a signed SVID: the CSR is judged, the profile is fixed, a prepared SVID is a token that works once, and
 * what is signed is in the journal before anybody gets it.
 *
 * <p>Called by api and the wiring; any thread that may block, at most a fixed number at once. Standards: X509-SVID.md,
 * JWT-SVID.md, RFC 2986. Absent on purpose: who may ask (attest).
 */
@NullMarked
package io.hanse.ca.issuance;

import org.jspecify.annotations.NullMarked;
