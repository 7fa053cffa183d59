/**
 * Private keys of this certificate authority: where they are made, used and sealed for the disk. The only maker of
 * signatures in this process.
 *
 * <p>Called by profile, authority and the wiring; any thread. Signing uses AWS-LC (ACCP), else BoringSSL (Conscrypt),
 * named explicitly and never installed for the whole JVM. Absent on purpose: certificates, states, files of authorities.
 */
@NullMarked
package io.hanse.ca.keys;

import org.jspecify.annotations.NullMarked;
