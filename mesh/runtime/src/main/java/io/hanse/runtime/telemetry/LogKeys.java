/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

/** Keys of log lines and access-log lines. One fact, one key, everywhere; facts never stand inside a message. */
public final class LogKeys {

    public static final String EVENT = "event";
    public static final String OUTCOME = "outcome";
    public static final String REASON_CODE = "reason_code";
    public static final String REASON = "reason";
    public static final String ROLE = "role";
    public static final String CLUSTER = "cluster";
    public static final String TRUST_DOMAIN = "trust_domain";
    public static final String SPIFFE_ID = "spiffe_id";
    public static final String PEER = "peer";
    public static final String SEQUENCE = "sequence";
    public static final String SERIAL = "serial";
    public static final String AUTHORITY = "authority";
    public static final String SERVICE = "service";
    public static final String WORKLOAD = "workload";
    public static final String NODE = "node";
    public static final String POLICY = "policy";
    public static final String PATH = "path";
    public static final String ADDRESS = "address";
    public static final String ELAPSED = "elapsed";
    public static final String COUNT = "count";
    public static final String NEXT = "next";

    /** The end that opened the connection; an identity stands here only if this connection verified it. */
    public static final String SRC_ADDRESS = "src.address";

    public static final String SRC_IDENTITY = "src.identity";
    public static final String SRC_WORKLOAD = "src.workload";
    public static final String SRC_NAMESPACE = "src.namespace";
    public static final String SRC_CLUSTER = "src.cluster";
    public static final String SRC_TRUST_DOMAIN = "src.trust_domain";

    /** The end that was dialled; the mirror of the keys above. */
    public static final String DST_ADDRESS = "dst.address";

    public static final String DST_IDENTITY = "dst.identity";
    public static final String DST_WORKLOAD = "dst.workload";
    public static final String DST_NAMESPACE = "dst.namespace";
    public static final String DST_CLUSTER = "dst.cluster";
    public static final String DST_TRUST_DOMAIN = "dst.trust_domain";
    public static final String DST_SERVICE = "dst.service";

    public static final String DIRECTION = "direction";
    public static final String BYTES_SENT = "bytes_sent";
    public static final String BYTES_RECEIVED = "bytes_received";

    /** Name of the logger of access-log lines; it has an appender of its own. */
    public static final String ACCESS_LOGGER = "hanse.access";

    private LogKeys() {}
}
