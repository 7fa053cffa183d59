/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.deploy;

import io.hanse.ca.CaWiring;
import io.hanse.exchange.ExchangeWiring;
import io.hanse.registry.RegistryWiring;
import io.hanse.runtime.process.ProcessShell;
import java.util.List;

/** The three control-plane roles in one JVM, for clusters that want one process instead of three. */
public final class ControlPlane {

    private ControlPlane() {}

    public static void main(String[] args) {
        System.exit(ProcessShell.runTogether(
                "control-plane", args, List.of(CaWiring.role(), ExchangeWiring.role(), RegistryWiring.role())));
    }
}
