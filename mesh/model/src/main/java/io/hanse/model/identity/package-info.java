/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Who someone is: trust domains and SPIFFE IDs (SPIFFE-ID.md), and the few paths Hanse reserves for itself.
 *
 * <p>Pure values, any thread. Absent on purpose: {@link java.net.URI}, whose host is null for legal trust domains.
 */
@NullMarked
package io.hanse.model.identity;

import org.jspecify.annotations.NullMarked;
