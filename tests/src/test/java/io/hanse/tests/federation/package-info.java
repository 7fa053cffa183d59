/**
 * Federation between whole control planes in one JVM: spiffe-ca and trust-bundle-exchange of two trust domains, each wired
 * as its Main wires it, on loopback. Looked at only over their wires: control API, gRPC, HTTPS.
 */
@NullMarked
package io.hanse.tests.federation;

import org.jspecify.annotations.NullMarked;
