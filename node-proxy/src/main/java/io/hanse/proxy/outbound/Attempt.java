/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.Workload;
import io.hanse.transport.hbone.Route;

/**
 * One way to reach one endpoint.
 *
 * @param gateway key of the gateway's health, empty where none is on the way
 */
record Attempt(Workload endpoint, String gateway, Route route) {}
