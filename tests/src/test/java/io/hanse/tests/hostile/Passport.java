/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * As whom an attacker comes; it believes everything the other side says.
 *
 * @param name for the table
 * @param svid empty: no certificate at all
 * @param protocol TLS version offered
 * @param alpn application protocol offered; empty for none
 */
record Passport(String name, Optional<TestSvid> svid, String protocol, String alpn) {

    private static final String TLS_13 = "TLSv1.3";
    private static final String H2 = "h2";

    static Passport of(String name, TestSvid svid) {
        return new Passport(name, Optional.of(svid), TLS_13, H2);
    }

    static Passport none() {
        return new Passport("no certificate", Optional.empty(), TLS_13, H2);
    }

    /** Says to be somebody of {@code authority}'s trust domain, on its own word. */
    static Passport selfSigned(TestAuthority authority) {
        TestAuthority nobody = TestAuthority.of(authority.trustDomain().name());
        return of("self-signed", nobody.asSvid());
    }

    Passport speaking(String otherProtocol) {
        return new Passport(name + ", " + otherProtocol, svid, otherProtocol, alpn);
    }

    Passport offering(String otherAlpn) {
        return new Passport(name + ", ALPN '" + otherAlpn + "'", svid, protocol, otherAlpn);
    }

    /** TLS over a connection, up to the own Finished. */
    Socket over(Socket tcp) throws IOException {
        SSLSocket tls = (SSLSocket) context().getSocketFactory().createSocket(tcp, "", tcp.getPort(), true);
        tls.setSSLParameters(adapted(tls.getSSLParameters()));
        tls.startHandshake();
        return tls;
    }

    /** The first TLS record of a client. */
    byte[] clientHello() throws SSLException {
        return clientHello(List.of());
    }

    /** The same for a server of this name. */
    byte[] clientHello(String server) throws SSLException {
        return clientHello(List.of(new SNIHostName(server)));
    }

    private byte[] clientHello(List<SNIServerName> servers) throws SSLException {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = adapted(engine.getSSLParameters());
        parameters.setServerNames(servers);
        engine.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] bytes = new byte[record.flip().remaining()];
        record.get(bytes);
        return bytes;
    }

    private SSLParameters adapted(SSLParameters parameters) {
        parameters.setProtocols(new String[] {protocol});
        parameters.setApplicationProtocols(alpn.isEmpty() ? new String[0] : new String[] {alpn});
        return parameters;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys =
                    svid.map(who -> new KeyManager[] {new OneKey(who)}).orElse(null);
            context.init(keys, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows its certificate to whoever asks, fitting or not. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "one";
        private final TestSvid svid;

        OneKey(TestSvid svid) {
            this.svid = svid;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return svid.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return svid.key();
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

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
