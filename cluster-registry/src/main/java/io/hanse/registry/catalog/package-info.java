/**
 * What this cluster knows: its own objects, resolved against each other, merged with what peers export to it.
 *
 * <p>Door: {@link io.hanse.registry.catalog.Catalog}, fed by source and imports, read by xds, export and api. The image is
 * immutable and published by one reference swap; readers need no lock. Merge rule (design invariant 5, multicluster.md
 * 1.4): a peer's endpoint joins a service only if that service exists here and is global. Absent on purpose: the wire.
 */
@NullMarked
package io.hanse.registry.catalog;

import org.jspecify.annotations.NullMarked;
