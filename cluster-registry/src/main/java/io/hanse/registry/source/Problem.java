/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

/**
 * Something a person should know about a manifest.
 *
 * @param severity whether the document was refused or only remarked upon
 * @param place file and line
 * @param message what is wrong, and what to write instead
 */
public record Problem(Severity severity, Place place, String message) implements Comparable<Problem> {

    /** What a problem costs. */
    public enum Severity {
        /** Refused: the last good state of the file (or of the object) stays. */
        PROBLEM,
        /** In effect, or foreign and ignored; worth a look. */
        NOTICE
    }

    /** A refusal. */
    public static Problem of(Place place, String message) {
        return new Problem(Severity.PROBLEM, place, message);
    }

    /** A remark. */
    public static Problem notice(Place place, String message) {
        return new Problem(Severity.NOTICE, place, message);
    }

    @Override
    public int compareTo(Problem other) {
        int byPlace = place.compareTo(other.place);
        return byPlace != 0 ? byPlace : message.compareTo(other.message);
    }

    @Override
    public String toString() {
        return place + ": " + message;
    }
}
