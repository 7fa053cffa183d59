/**
 * The catalog over delta xDS: nouns to protobuf and back ({@link io.hanse.runtime.xds.WdsCodec}, {@link
 * io.hanse.runtime.xds.AuthorizationCodec}), the protocol's client end (one stream: {@link
 * io.hanse.runtime.xds.DeltaStream}; one after another: {@link io.hanse.runtime.xds.DeltaXdsClient}), and the catalog that
 * it builds ({@link io.hanse.runtime.xds.CatalogClient}).
 *
 * <p>Callers: node-proxy, gateway, and cluster-registry both as importer of a peer's registry and, for the codecs and
 * {@link io.hanse.runtime.xds.XdsTypes}, as server. Messages are taken on gRPC's virtual threads, one at a time; reading an
 * image never blocks. Standard: xDS v3 incremental, istio.workload and istio.security.
 *
 * <p>Absent on purpose: the ADS server (cluster-registry), state-of-the-world xDS, on-demand subscription.
 */
@NullMarked
package io.hanse.runtime.xds;

import org.jspecify.annotations.NullMarked;
