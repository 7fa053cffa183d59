/** The load driver is tried on a backend of its own, so that nobody learns on a quiet machine that it is broken. */
@NullMarked
package io.hanse.tests.load;

import org.jspecify.annotations.NullMarked;
