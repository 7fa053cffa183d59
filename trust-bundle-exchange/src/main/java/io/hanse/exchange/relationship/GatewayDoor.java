/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SpiffeTrustManager;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.X509TrustManager;

/** {@link PeerDoor} over HTTPS with the SNI that a gateway passes through to its bundle endpoint. */
public final class GatewayDoor implements PeerDoor {

    private final Doorway doorway;
    private final SvidVerifier verifier;
    private final Duration limit;

    /**
     * A door.
     *
     * @param limit for one request over all gateways, usually {@link BundleFetcher#LIMIT}
     */
    public GatewayDoor(Doorway doorway, SvidVerifier verifier, Duration limit) {
        this.doorway = doorway;
        this.verifier = verifier;
        this.limit = limit;
    }

    @Override
    public HttpsAnswer bundleOfAnybody(List<HostPort> gateways) {
        HttpsCall call = HttpsCall.get(Relationship.GATEWAY_URL, new Anybody(), false, limit);
        return doorway.throughAny(gateways, call, doorway.deadline(limit));
    }

    @Override
    public HttpsAnswer post(
            List<HostPort> gateways,
            String path,
            TrustBundle trust,
            SpiffeId endpointId,
            Map<String, String> headers,
            Body body) {
        BundleSource bundles = BundleSource.fixed(BundleMap.empty().with(trust));
        SpiffeTrustManager manager = new SpiffeTrustManager(verifier, bundles, PeerCheck.exactly(endpointId));
        HttpsCall call = HttpsCall.post(Relationship.GATEWAY_URL.resolve(path), manager, headers, body, limit);
        return doorway.throughAny(gateways, call, doorway.deadline(limit));
    }

    /**
     * Takes any certificate, for the one request whose answer is proved by the invitation's hash and that sends nothing
     * of value. Never used for anything else.
     */
    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
