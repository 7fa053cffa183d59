/** Tests of the SVIDs of the node's workloads. */
@NullMarked
package io.hanse.proxy.identity;

import org.jspecify.annotations.NullMarked;
