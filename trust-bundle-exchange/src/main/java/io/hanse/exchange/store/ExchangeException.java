/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

/** The exchange cannot go on as configured or with the state it finds. Message for people; {@code next} says what to do. */
public final class ExchangeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;
    private final String next;

    public ExchangeException(Code code, String message, String next) {
        super(message);
        this.code = code;
        this.next = next;
    }

    public ExchangeException(Code code, String message, String next, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.next = next;
    }

    public Code code() {
        return code;
    }

    /** What the operator can do, as a sentence or a command. */
    public String next() {
        return next;
    }

    /** What is wrong. */
    public enum Code {
        STATE_UNREADABLE,
        STATE_OF_ANOTHER_TRUST_DOMAIN,
        CERTIFICATE_UNREADABLE,
        TOKEN_NOT_MINTED
    }
}
