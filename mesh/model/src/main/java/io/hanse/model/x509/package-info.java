/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Whether a certificate chain proves a SPIFFE ID (X509-SVID.md, RFC 5280), judged with the bundle of the trust domain
 * that the ID names and no other (design invariant 1).
 *
 * <p>Pure; any thread. Absent on purpose: private keys, sockets, clocks.
 */
@NullMarked
package io.hanse.model.x509;

import org.jspecify.annotations.NullMarked;
