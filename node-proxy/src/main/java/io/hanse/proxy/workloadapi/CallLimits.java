/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

/**
 * How much one process, one user and all users together may ask of a node's Workload API. What is beyond is shed with
 * UNAVAILABLE (Workload Endpoint 6), so that no user of the node keeps the others from their identities.
 *
 * @param connections open at once
 * @param connectionsOfUser of them, by one user
 * @param calls open at once, streams among them
 * @param callsOfUser of them, by one user
 * @param callsOfProcess of them, by one process
 * @param rateOfUser calls per second of one user, twice that in a burst
 * @param rateOfProcess calls per second of one process, twice that in a burst
 */
public record CallLimits(
        int connections,
        int connectionsOfUser,
        int calls,
        int callsOfUser,
        int callsOfProcess,
        int rateOfUser,
        int rateOfProcess) {

    /** A file descriptor each; a node runs some hundred workloads with one or two connections. */
    private static final int CONNECTIONS = 4_000;

    /** 10,000 workloads with room for their tools would need more sockets first. */
    private static final int CALLS = 10_000;

    /** A workload needs a handful of streams. */
    private static final int CALLS_OF_PROCESS = 100;

    /** A server that has every request's token validated asks once per request; it should cache before this. */
    private static final int RATE_OF_PROCESS = 200;

    /** All workloads of a node may start at once, and all may run as one user. */
    private static final int RATE_OF_USER = 2_000;

    /** The limits of a node; one user, were it all workloads of the node, leaves half to the others. */
    public static CallLimits usual() {
        return new CallLimits(
                CONNECTIONS, CONNECTIONS / 2, CALLS, CALLS / 2, CALLS_OF_PROCESS, RATE_OF_USER, RATE_OF_PROCESS);
    }

    /** Names of the limits in log lines and in the metric's label {@code limit}. */
    enum Name {
        CONNECTIONS("connections"),
        CONNECTIONS_OF_USER("connections_of_user"),
        CALLS("calls"),
        CALLS_OF_USER("calls_of_user"),
        CALLS_OF_PROCESS("calls_of_process"),
        RATE_OF_USER("rate_of_user"),
        RATE_OF_PROCESS("rate_of_process"),
        MESSAGE_SIZE("message_size");

        private final String label;

        Name(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }
}
