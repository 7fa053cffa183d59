/**
 * The authorities of this trust domain: an X.509 and a JWT roster, the one machine that moves them from state to state,
 * its schedule, and the image that everybody else reads.
 *
 * <p>Called by issuance, api and the wiring. Reading the image: any thread, no lock. Moving: one lock, blocking (disk), on
 * virtual threads. Standards: SPIFFE_Federation.md 4.1, X509-SVID.md 3.2 and 6.1, JWT-SVID.md 6.1. Absent on purpose:
 * leaves, callers, and the numbers of a bundle (trust-bundle-exchange gives it sequence and refresh hint).
 */
@NullMarked
package io.hanse.ca.authority;

import org.jspecify.annotations.NullMarked;
