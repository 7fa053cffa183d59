/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;

/**
 * What every workload of this cluster has in common.
 *
 * @param network workloads of one network reach each other without a gateway
 */
public record ClusterFacts(ClusterName cluster, TrustDomain trustDomain, String network) {}
