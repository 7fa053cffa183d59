/** What tests of the proxy share: nouns, two trust domains with real TLS, plain sockets. */
@NullMarked
package io.hanse.proxy.testing;

import org.jspecify.annotations.NullMarked;
