/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** A service account of the workload's own trust domain, exactly. */
public record ServiceAccountMatch(String namespace, String serviceAccount) {}
