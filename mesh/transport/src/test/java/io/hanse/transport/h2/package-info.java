/** Tests of HTTP/2 against hand-made frames and against Netty's own codec. */
@NullMarked
package io.hanse.transport.h2;

import org.jspecify.annotations.NullMarked;
