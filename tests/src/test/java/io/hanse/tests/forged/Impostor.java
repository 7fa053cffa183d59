/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/** The forger's end of TLS, as client and as server: the JDK's, told to show whatever it is given and to trust anybody. */
final class Impostor {

    /** Milliseconds; the machine may do other work. */
    private static final int PATIENCE = 60_000;

    private Impostor() {}

    /** Whether the server at {@code address} takes the chain: it speaks first once it has. */
    static boolean isTakenBy(InetSocketAddress address, Shown shown) throws GeneralSecurityException, IOException {
        try (SSLSocket socket = (SSLSocket) context(shown).getSocketFactory().createSocket()) {
            socket.connect(address, PATIENCE);
            socket.setSoTimeout(PATIENCE);
            offerHttp2(socket);
            socket.startHandshake();
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("neither taken nor refused", e);
        } catch (IOException refused) {
            return false;
        }
    }

    /** Serves one connection, to which {@code client} is sent; whether that client ended the handshake as it should. */
    static boolean isTakenByClient(Shown shown, Consumer<InetSocketAddress> client) throws Exception {
        try (SSLServerSocket server = (SSLServerSocket)
                context(shown).getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(PATIENCE);
            CompletableFuture<Boolean> taken = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.setSoTimeout(PATIENCE);
                    socket.setWantClientAuth(true);
                    offerHttp2(socket);
                    socket.startHandshake();
                    taken.complete(true);
                } catch (IOException refused) {
                    taken.complete(false);
                }
            });
            client.accept((InetSocketAddress) server.getLocalSocketAddress());
            return taken.get(PATIENCE, TimeUnit.MILLISECONDS);
        }
    }

    private static void offerHttp2(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
    }

    private static SSLContext context(Shown shown) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {new Papers(shown)}, new TrustManager[] {new Credulous()}, null);
        return context;
    }

    /** Takes any chain. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Shows what it was given, to anybody who asks. */
    private static final class Papers extends X509ExtendedKeyManager {
        private static final String ALIAS = "forged";

        private final X509Certificate[] chain;
        private final PrivateKey key;

        Papers(Shown shown) {
            this.chain = shown.chain().stream()
                    .map(der -> new PosedCertificate(der.bytes(), shown.posing()))
                    .toArray(X509Certificate[]::new);
            this.key = shown.key();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
