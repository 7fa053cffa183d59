/**
 * The trust-bundle-exchange process: {@code Main}, its configuration and the one place where its rooms are joined.
 *
 * <p>Called by the shell and by the combined control plane. Absent on purpose: anything that decides.
 */
@NullMarked
package io.hanse.exchange;

import org.jspecify.annotations.NullMarked;
