/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.io.IOException;

/**
 * One thing a hostile client does, and how it must end.
 *
 * @param name what it does
 * @param rule which rule it breaks: a section of RFC 9113, 7541 or 8446, a CVE, or a limit of the house by its key
 * @param start how far the connection is made before the script runs
 * @param onProxy the word that must be heard from node-proxy; alternatives are separated by {@code |}
 * @param onGateway the same for east-west-gateway
 */
record Attack(String name, String rule, Start start, String onProxy, String onGateway, Script script) {

    /** What is done for the script. */
    enum Start {
        TCP,
        TLS,
        H2
    }

    /** Talks on the connection; may fail when the other side has had enough. */
    interface Script {
        void run(Wire wire, Target target) throws IOException;
    }

    /** On a connection with preface and SETTINGS done. */
    static Attack h2(String name, String rule, String expected, Script script) {
        return new Attack(name, rule, Start.H2, expected, expected, script);
    }

    /** Bytes that never change. */
    static Attack h2(String name, String rule, String expected, byte[]... frames) {
        return h2(name, rule, expected, (wire, target) -> wire.send(frames));
    }

    /** On a connection with TLS done. */
    static Attack tls(String name, String rule, String expected, Script script) {
        return new Attack(name, rule, Start.TLS, expected, expected, script);
    }

    /** On a TCP connection. */
    static Attack tcp(String name, String rule, String expected, Script script) {
        return new Attack(name, rule, Start.TCP, expected, expected, script);
    }

    /** A CONNECT to this authority. */
    static Attack authority(String authority, String rule, String onProxy, String onGateway) {
        String shown = authority.length() > 40 ? authority.length() + " characters" : authority;
        return new Attack(
                "CONNECT '" + shown.replaceAll("\\p{Cntrl}", "?") + "'",
                rule,
                Start.H2,
                onProxy,
                onGateway,
                (wire, target) -> wire.send(Frames.connect(1, authority)));
    }

    String expectedFrom(Target target) {
        return target.isGateway() ? onGateway : onProxy;
    }

    @Override
    public String toString() {
        return name;
    }
}
