/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.model.reason.InWords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TLS client that shows a certificate and sees whether it is let in. */
final class TlsKnock {

    private static final int DEADLINE_MILLIS = 5_000;

    /** What every HTTP/2 client says first (RFC 9113, 3.4), with an empty SETTINGS frame. */
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private TlsKnock() {}

    /** What the server did. */
    sealed interface Answer {

        /** It spoke HTTP/2 to us: the certificate was taken. */
        record LetIn() implements Answer {}

        /** It ended TLS once it saw the certificate. */
        record TurnedAway(String alert) implements Answer {}

        /** It never came that far, so nothing is proved. */
        record NotReached(String why) implements Answer {}
    }

    /** Knocks at {@code door}. In TLS 1.3 a client learns only after its own last message that it was refused. */
    static Answer at(InetSocketAddress door, SSLContext tls) {
        try (Socket plain = new Socket()) {
            plain.connect(door, DEADLINE_MILLIS);
            plain.setSoTimeout(DEADLINE_MILLIS);
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(plain, door.getAddress().getHostAddress(), door.getPort(), false)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"h2"});
                parameters.setProtocols(new String[] {"TLSv1.3"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return speak(socket);
            }
        } catch (IOException e) {
            return new Answer.NotReached(InWords.of(e));
        }
    }

    private static Answer speak(SSLSocket socket) {
        try {
            socket.getOutputStream().write(PREFACE);
            socket.getOutputStream().flush();
            return socket.getInputStream().read() < 0 ? new Answer.TurnedAway("closed") : new Answer.LetIn();
        } catch (SSLException e) {
            return new Answer.TurnedAway(InWords.of(e));
        } catch (IOException e) {
            return new Answer.TurnedAway("connection reset");
        }
    }
}
