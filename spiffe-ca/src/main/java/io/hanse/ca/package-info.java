/**
 * The SPIFFE certificate authority of one trust domain, as a process: configuration, wiring, main. Everything else is in
 * the rooms below: api to attest and issuance, issuance to authority and profile, those to keys, authority to journal.
 *
 * <p>Called by the distribution (Main and {@link io.hanse.ca.CaWiring}) and nobody else.
 */
@NullMarked
package io.hanse.ca;

import org.jspecify.annotations.NullMarked;
