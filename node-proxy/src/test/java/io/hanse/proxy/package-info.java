/** Tests of the proxy's own configuration. */
@NullMarked
package io.hanse.proxy;

import org.jspecify.annotations.NullMarked;
