/** Tests of the explicit listeners. */
@NullMarked
package io.hanse.proxy.capture;

import org.jspecify.annotations.NullMarked;
