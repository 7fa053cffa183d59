/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Forged identity: every certificate, chain, token, bundle and invitation that breaks one rule is refused at every door it
 * can reach, with the reason code of that rule. {@code *Forgeries} make them and name the rule; {@code *Door} are real
 * servers and clients of the product on real sockets; {@code ForgedMatrixTest} shows each to each. A forgery is one more
 * line in a list; a door one more entry of {@code Doors}. One thread at a time.
 */
@NullMarked
package io.hanse.tests.forged;

import org.jspecify.annotations.NullMarked;
