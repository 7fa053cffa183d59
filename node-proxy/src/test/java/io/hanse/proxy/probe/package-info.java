/** Tests of the probes of peers. */
@NullMarked
package io.hanse.proxy.probe;

import org.jspecify.annotations.NullMarked;
