/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

/** The environment of the certificate authority is broken: which part, what was found, and what the operator does next. */
public final class CaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Which part of the environment. */
    public enum Code {
        /** The cryptographic provider refused an operation it must support. */
        CRYPTOGRAPHY,
        /** The key-encryption key is missing, malformed, readable by others, or not the one that sealed the state. */
        KEY_ENCRYPTION_KEY,
        /** The state directory holds something this version cannot use. */
        STATE,
        /** A freshly made authority failed its proof. */
        AUTHORITY_PROOF,
        /** A bug: an invariant of the certificate authority does not hold. */
        INVARIANT
    }

    private final Code code;
    private final String next;

    public CaException(Code code, String message, String next) {
        super(message);
        this.code = code;
        this.next = next;
    }

    public CaException(Code code, String message, String next, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.next = next;
    }

    /** Which part of the environment is broken. */
    public Code code() {
        return code;
    }

    /** What the operator does next: a sentence or a command. */
    public String next() {
        return next;
    }

    static CaException cryptography(String operation, Exception cause) {
        return new CaException(
                Code.CRYPTOGRAPHY,
                operation + ": " + cause.getMessage(),
                "check that the JVM and the native crypto library fit this machine",
                cause);
    }
}
