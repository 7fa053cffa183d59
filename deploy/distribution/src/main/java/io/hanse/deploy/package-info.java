/**
 * Assembly: the only main code that sees more than one process (design, section 7).
 *
 * <p>Called by the JVM. Absent on purpose: anything but calling the Wirings side by side; the roles meet on their wires
 * also inside one JVM.
 */
@NullMarked
package io.hanse.deploy;

import org.jspecify.annotations.NullMarked;
