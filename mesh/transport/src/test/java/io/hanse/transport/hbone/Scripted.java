/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.testing.TestSvid;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The server's end of one HBONE connection whose frames a test writes by hand, to say what ours never would. */
final class Scripted {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** HPACK's static entry 8. */
    static final byte[] STATUS_200 = {(byte) 0x88};

    private static final int PREFACE_BYTES = 24;

    /** A frame of the client; each char of {@code payload} is a byte. */
    record Frame(int stream, String payload) {}

    /** What the server does once TLS is up and the client's preface has come. */
    interface Script {
        void run(Scripted connection) throws IOException;
    }

    private final DataInputStream in;
    private final OutputStream out;

    private Scripted(SSLSocket socket) throws IOException {
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** For {@link World#app}. */
    static World.App server(TestSvid svid, Script script) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("svid", svid.key(), new char[0], svid.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
        return socket -> {
            try (SSLSocket tls = accepted(context, socket)) {
                Scripted connection = new Scripted(tls);
                connection.in.readFully(new byte[PREFACE_BYTES]);
                script.run(connection);
            }
        };
    }

    private static SSLSocket accepted(SSLContext context, Socket socket) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setNeedClientAuth(true);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    void send(int type, int flags, int stream, byte... payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        out.write(frame);
    }

    /** SETTINGS_MAX_CONCURRENT_STREAMS alone. */
    void allow(int streams) throws IOException {
        send(SETTINGS, 0, 0, (byte) 0, (byte) 3, (byte) 0, (byte) 0, (byte) 0, (byte) streams);
    }

    /** The next frame of that type. */
    Frame next(int type) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                throw new IOException("the client has left");
            }
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
            byte[] payload = in.readNBytes(length);
            if (head[3] == type) {
                return new Frame(head[8], new String(payload, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Returns when the client has closed. */
    void untilEnd() throws IOException {
        in.readAllBytes();
    }

    /** The client's chain is not what these tests are about. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
