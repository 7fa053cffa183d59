/** Tests of the gateway as a whole, and what its tests share. */
@NullMarked
package io.hanse.gateway;

import org.jspecify.annotations.NullMarked;
