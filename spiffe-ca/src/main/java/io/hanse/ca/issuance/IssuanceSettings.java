/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import java.time.Duration;

/**
 * How long things live.
 *
 * @param x509Svid lifetime of an X.509-SVID; a shorter one may be asked for, a longer one is cut to this
 * @param jwtSvid lifetime of a JWT-SVID
 */
public record IssuanceSettings(Duration x509Svid, Duration jwtSvid) {}
