/** What the tests of several rooms share. Test code only. */
@NullMarked
package io.hanse.exchange.testing;

import org.jspecify.annotations.NullMarked;
