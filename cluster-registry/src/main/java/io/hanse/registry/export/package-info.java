/**
 * What peers may know of this cluster: exported services and, of their local endpoints, what a caller needs to choose one.
 *
 * <p>Pure; any thread. Called by xds (the peers' view) and api (what is shown as exported). Wire: docs/wires.md "To a
 * peer". Absent on purpose: addresses, nodes, policies, duties, anything imported.
 */
@NullMarked
package io.hanse.registry.export;

import org.jspecify.annotations.NullMarked;
