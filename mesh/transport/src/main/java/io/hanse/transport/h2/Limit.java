/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/**
 * Every bound that a peer can run into. One name everywhere: the key in {@code cluster.yaml} where it can be set, the label
 * of the metric, the word in the log.
 */
public enum Limit {
    /** TCP connections at once. */
    CONNECTIONS("maxConnections"),
    /** Of these, connections whose peer has not proved who it is. */
    HANDSHAKES("handshakes"),
    /** Of these, connections of one proved identity. */
    CONNECTIONS_PER_PEER("connectionsPerPeer"),
    /** Of these, connections passed through by name. */
    PASS_THROUGH("passThrough"),
    /** Time for a ClientHello. */
    CLIENT_HELLO("clientHello"),
    /** Time for the TLS handshake. */
    HANDSHAKE("handshake"),
    /** Time for preface and SETTINGS. */
    PREFACE("preface"),
    /** Time for one frame other than DATA, and for one header block. */
    FRAME_TIME("frameTime"),
    /** Time for a sign of life after a PING. */
    KEEPALIVE("keepalive"),
    /** Time without a stream. */
    IDLE("idle"),
    /** Streams of a connection at once. */
    STREAMS("streams"),
    /** Bytes of a header block. */
    HEADER_BYTES("headerBytes"),
    /** Fields of a header block. */
    HEADER_FIELDS("headerFields"),
    /** Streams reset before they were answered, or refused because they made no sense. */
    RESETS("resets"),
    /** Frames of one kind that move no bytes. */
    CONTROL_FRAMES("controlFrames"),
    /** DATA frames without bytes. */
    EMPTY_FRAMES("emptyFrames"),
    /** Memory of all buffers of the process. */
    MEMORY("memory"),
    /** Answers that wait for a peer who does not read. */
    UNREAD_ANSWERS("unreadAnswers");

    private final String key;

    Limit(String key) {
        this.key = key;
    }

    /** The name. */
    public String key() {
        return key;
    }
}
