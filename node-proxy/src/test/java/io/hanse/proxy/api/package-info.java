/** Tests of what the control socket says. */
@NullMarked
package io.hanse.proxy.api;

import org.jspecify.annotations.NullMarked;
