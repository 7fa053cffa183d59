/** Tests of what the one port does with a connection and a request. */
@NullMarked
package io.hanse.gateway.listener;

import org.jspecify.annotations.NullMarked;
