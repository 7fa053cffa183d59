/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Which public keys count: the kinds that X.509-SVIDs and JWT-SVIDs may be signed with and that Go and BoringSSL peers take
 * too. Read by {@code bundle}, {@code x509} and whoever looks at a CSR.
 *
 * <p>Pure; any thread. Absent on purpose: private keys, and Ed25519, at which java-spiffe ends its stream.
 */
@NullMarked
package io.hanse.model.key;

import org.jspecify.annotations.NullMarked;
