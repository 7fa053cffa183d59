/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.net.InetSocketAddress;

/**
 * A port under attack.
 *
 * @param echo authority of something that says everything back
 * @param sink authority of something that never reads
 * @param source authority of something that never stops sending
 * @param abyss authority of something that cannot be reached, nor refuses
 * @param nobody authority of a service that is not there
 * @param metrics where the process is scraped
 */
record Target(
        String name,
        boolean isGateway,
        InetSocketAddress at,
        String echo,
        String sink,
        String source,
        String abyss,
        String nobody,
        Process process,
        InetSocketAddress metrics) {

    @Override
    public String toString() {
        return name;
    }
}
