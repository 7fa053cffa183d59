/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.control;

import com.fasterxml.jackson.databind.JsonNode;

/** What became of a request to a control socket. */
public sealed interface ControlReply {

    /** The process did it and answers this document ({@code null} node if it had nothing to say). */
    record Answered(JsonNode body) implements ControlReply {}

    /** The process understood and says no: problem+json (RFC 9457) with a code and the next command. */
    record Refused(int status, String code, String title, String detail, String next) implements ControlReply {}

    /** Nobody answered: no socket, nobody behind it, or not in time. */
    record Unreachable(String reason) implements ControlReply {}
}
