/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The SPIFFE Workload API on Unix sockets (SPIFFE_Workload_API.md, SPIFFE_Workload_Endpoint.md): one socket per workload,
 * bound to that workload, and one for the node, where the caller's own facts say which workloads it is.
 *
 * <p>Callers are identified by the kernel (SO_PEERCRED) and by facts of their process, never by what they say. Streams
 * push the full state on every change and never end with OK. Calls run on virtual threads. Absent on purpose: the WIT
 * profile (answered UNIMPLEMENTED) and any extension of the service (WL-2).
 */
@NullMarked
package io.hanse.proxy.workloadapi;

import org.jspecify.annotations.NullMarked;
