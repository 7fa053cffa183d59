/** Tests of where an authority leads. */
@NullMarked
package io.hanse.gateway.route;

import org.jspecify.annotations.NullMarked;
