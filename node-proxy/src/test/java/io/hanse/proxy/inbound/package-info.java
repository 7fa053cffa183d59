/** Tests of calls to workloads of the node. */
@NullMarked
package io.hanse.proxy.inbound;

import org.jspecify.annotations.NullMarked;
