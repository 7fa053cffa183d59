/** Tests of HBONE with real sockets and real TLS. */
@NullMarked
package io.hanse.transport.hbone;

import org.jspecify.annotations.NullMarked;
