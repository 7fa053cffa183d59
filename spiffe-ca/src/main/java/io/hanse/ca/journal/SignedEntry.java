/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import io.hanse.model.identity.SpiffeId;
import java.time.Instant;

/**
 * One thing that was signed.
 *
 * @param serial certificate serial in hex; for a token the first 16 hex digits of its SHA-256
 * @param authority key ID of what signed it
 * @param requester whom it was given to: a SPIFFE ID, {@code join-token/<id>} or {@code self}
 */
public record SignedEntry(
        Kind kind, String serial, SpiffeId id, String authority, Instant notAfter, Instant signedAt, String requester) {

    private static final char SEPARATOR = '\t';
    private static final int FIELDS = 7;

    /** What was signed. */
    public enum Kind {
        X509_SVID,
        JWT_SVID
    }

    public SignedEntry {
        if ((serial + authority + requester).chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("journal entry: a control character (expected: none)");
        }
    }

    String line() {
        return String.join(
                String.valueOf(SEPARATOR),
                kind.name(),
                serial,
                id.toString(),
                authority,
                Long.toString(notAfter.getEpochSecond()),
                Long.toString(signedAt.toEpochMilli()),
                requester);
    }

    /** @throws IllegalArgumentException if the line is not one of ours */
    static SignedEntry parse(String line) {
        String[] fields = line.split(String.valueOf(SEPARATOR), -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "journal line: %d fields (expected: %d)".formatted(fields.length, FIELDS));
        }
        return new SignedEntry(
                Kind.valueOf(fields[0]),
                fields[1],
                SpiffeId.parse(fields[2]),
                fields[3],
                Instant.ofEpochSecond(Long.parseLong(fields[4])),
                Instant.ofEpochMilli(Long.parseLong(fields[5])),
                fields[6]);
    }
}
