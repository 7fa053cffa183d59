/**
 * The durable memory of the certificate authority: everything it signed, and the states of its authorities.
 *
 * <p>Called by authority, issuance, api and the wiring; any thread that may block. What is recorded is on disk before the
 * call returns. Keys arrive here sealed. Absent on purpose: the meaning of states, and keys in the clear.
 */
@NullMarked
package io.hanse.ca.journal;

import org.jspecify.annotations.NullMarked;
