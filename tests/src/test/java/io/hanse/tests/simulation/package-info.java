/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A league of clusters in one thread: the product's own rules for rotation, federation, export and import, on a virtual
 * clock, network and disk. A seed decides everything that happens; the laws are looked at after every event.
 *
 * <p>Real: spiffe-ca's authorities, journal and issuer; the whole trust-bundle-exchange but for its sockets; the registry's
 * catalog, export, xDS streams and imports; the proxy's endpoint choice, judge and live trust; the gateway's routes; the
 * SVID verifier, for every handshake. Simulated: time, disks, links, the streams inside a cluster, operators, a peer that
 * lies. Absent on purpose: sockets, TLS records, Hazelcast.
 */
@NullMarked
package io.hanse.tests.simulation;

import org.jspecify.annotations.NullMarked;
