/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What becomes of a call to a workload of this node. */
public sealed interface Verdict {

    /**
     * It goes to the workload.
     *
     * @param service the service called, if one was named
     */
    record Allow(Workload workload, Optional<Service> service, InetSocketAddress target) implements Verdict {}

    /**
     * It is refused.
     *
     * @param workload whom it was for, if that is known
     */
    record Refuse(int status, ReasonCode reason, Optional<PolicyName> policy, Optional<Workload> workload)
            implements Verdict {}
}
