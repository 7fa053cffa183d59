/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.web.Body;
import io.hanse.model.reason.ReasonCode;
import java.time.Instant;
import java.util.Optional;

/** What came of one HTTPS request. */
public sealed interface HttpsAnswer {

    /**
     * A whole answer, whatever its status.
     *
     * @param status HTTP status code
     * @param location header {@code Location}
     * @param date header {@code Date}, when readable
     * @param body complete, within the limit
     */
    record Answered(int status, Optional<String> location, Optional<Instant> date, Body body) implements HttpsAnswer {

        /** Whether the status is 200. */
        public boolean isOk() {
            return status == 200;
        }
    }

    /**
     * No answer.
     *
     * @param stage how far it got
     * @param reason the code for logs and status
     * @param detail one clause with the facts
     */
    record Failed(Stage stage, ReasonCode reason, String detail) implements HttpsAnswer {}

    /** How far a failed request got; decides whether it can have had an effect. */
    enum Stage {
        /** No connection: nothing was sent. */
        CONNECT,
        /** The other side is not who it must be: nothing was sent. */
        VERIFY,
        /** The request went out, fully or in part. */
        SENT
    }
}
