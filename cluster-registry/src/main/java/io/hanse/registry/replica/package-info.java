/**
 * Imported catalogs, shared by the replicas of this registry: Hazelcast, embedded (design section 5).
 *
 * <p>Door: {@link io.hanse.registry.replica.ImportStore}. One member alone by default, on loopback, looking for nobody;
 * several when configured. Holds only what peers can tell again: no keys, no trust, no policy, and nothing read from it is
 * believed before imports has checked it. Hazelcast's own threads only mark what changed; the scheduler's do the work.
 * Hazelcast appears in this package alone (ADR 2). Absent on purpose: locks, elections, persistence.
 */
@NullMarked
package io.hanse.registry.replica;

import org.jspecify.annotations.NullMarked;
