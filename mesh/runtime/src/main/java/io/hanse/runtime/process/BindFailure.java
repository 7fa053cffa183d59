/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.InWords;
import java.net.BindException;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an address could not be bound, in words; the JDK and Netty's native transports say it differently. */
final class BindFailure {

    /** Causes of causes; more are a loop. */
    private static final int MAX_DEPTH = 16;

    private BindFailure() {}

    /** The cause of a start's failure that is about binding, if there is one. */
    static Optional<Throwable> in(Throwable failure) {
        return Stream.<Throwable>iterate(failure, e -> e != null, e -> e.getCause())
                .limit(MAX_DEPTH)
                .filter(e -> e instanceof BindException || InWords.of(e).contains("bind(..) failed"))
                .findFirst();
    }

    static String reason(Throwable failure) {
        String text = message(failure);
        if (text.contains("already in use")) {
            return "another process listens there";
        } else if (text.contains("ermission denied")) {
            return "ports below 1024 need a privilege this user does not have";
        } else if (text.contains("annot assign requested")) {
            return "no network interface of this machine has this address";
        }
        return text;
    }

    static String next(HostPort address, String key, Throwable failure) {
        String set = "set %s in cluster.yaml to another address".formatted(key);
        boolean inUse = message(failure).contains("already in use");
        return inUse ? "see who it is: ss -ltnp 'sport = :%d'; or %s".formatted(address.port(), set) : set;
    }

    /** What the system said of it. */
    static String message(Throwable failure) {
        return InWords.of(in(failure).orElse(failure));
    }
}
