/**
 * The process cluster-registry: its configuration, its wiring and its Main. Nobody calls in but the assembly in {@code
 * deploy}. Absent on purpose: everything a feature package can hold.
 */
@NullMarked
package io.hanse.registry;

import org.jspecify.annotations.NullMarked;
