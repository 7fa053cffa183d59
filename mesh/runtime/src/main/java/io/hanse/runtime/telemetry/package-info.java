/**
 * What operators and scrapers see: metrics in Prometheus's text form, readiness, log keys.
 *
 * <p>Any thread. Served over HTTP on a loopback address, read only; the byte path counts in striped cells and never
 * touches a meter. Absent on purpose: anything that changes state.
 */
@NullMarked
package io.hanse.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
