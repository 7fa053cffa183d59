/** Tests of calls of workloads of the node. */
@NullMarked
package io.hanse.proxy.outbound;

import org.jspecify.annotations.NullMarked;
