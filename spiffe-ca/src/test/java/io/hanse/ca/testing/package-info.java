/** What the tests of this module share: a whole certificate authority on a clock that moves when told. */
@NullMarked
package io.hanse.ca.testing;

import org.jspecify.annotations.NullMarked;
