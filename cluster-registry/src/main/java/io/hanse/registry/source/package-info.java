/**
 * Where this cluster's own services, workloads and policies come from: a directory of Kubernetes-shaped YAML.
 *
 * <p>Door: {@link io.hanse.registry.source.Source}. Called by catalog (which resolves what was read) and api (which shows
 * what was wrong). Files are read on the scheduler's virtual threads; what is handed on is immutable. Nothing that cannot
 * be enforced is dropped in silence: it is a {@link io.hanse.registry.source.Problem} with file and line, and the last good
 * state of that file stays. Absent on purpose: references between objects (catalog resolves them), L7 policy.
 */
@NullMarked
package io.hanse.registry.source;

import org.jspecify.annotations.NullMarked;
