/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.keys.KeyKind;

/**
 * What the operator decides about authorities.
 *
 * @param x509Key kind of key of new X.509 authorities
 * @param jwtKey kind of key of new JWT authorities
 */
public record AuthoritySettings(KeyKind x509Key, KeyKind jwtKey, RotationSchedule schedule) {}
