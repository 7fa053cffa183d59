/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import java.util.Arrays;
import java.util.Optional;

/** What an authority signs. */
public enum AuthorityKind {
    X509("x509"),
    JWT("jwt");

    private final String text;

    AuthorityKind(String text) {
        this.text = text;
    }

    /** The name in paths, commands and files. */
    public String text() {
        return text;
    }

    /** The kind of that name. */
    public static Optional<AuthorityKind> parse(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }
}
