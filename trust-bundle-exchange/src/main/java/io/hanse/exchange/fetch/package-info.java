/**
 * Gets peers' bundles: the two profiles of SPIFFE Federation 5.2, bounded in bytes, time and redirects; when to look
 * again; and what a new answer may change.
 *
 * <p>Called by relationship (the bootstrap of an invitation) and by the wiring; blocking, on virtual threads.
 * Standard: SPIFFE_Federation.md 4 to 6. Absent on purpose: falling back from one profile to the other, retrying before
 * the next interval (6.2), and any decision about whom to trust.
 */
@NullMarked
package io.hanse.exchange.fetch;

import org.jspecify.annotations.NullMarked;
