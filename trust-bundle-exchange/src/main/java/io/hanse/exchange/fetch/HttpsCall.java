/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.web.Body;
import io.hanse.model.cluster.HostPort;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.net.ssl.X509TrustManager;

/**
 * One HTTPS request.
 *
 * @param url what is asked for; its host is the SNI and the {@code Host} header
 * @param connectTo where the TCP connection goes when not to the URL's host
 * @param trust who may answer
 * @param verifyHost whether the certificate must also name the URL's host (RFC 6125)
 * @param headers to send
 * @param body a POST carries one, a GET does not
 * @param limit for everything together
 */
public record HttpsCall(
        URI url,
        Optional<HostPort> connectTo,
        X509TrustManager trust,
        boolean verifyHost,
        SortedMap<String, String> headers,
        Optional<Body> body,
        Duration limit) {

    public HttpsCall {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /** A GET. */
    public static HttpsCall get(URI url, X509TrustManager trust, boolean verifyHost, Duration limit) {
        return new HttpsCall(url, Optional.empty(), trust, verifyHost, new TreeMap<>(), Optional.empty(), limit);
    }

    /** A POST. */
    public static HttpsCall post(
            URI url, X509TrustManager trust, Map<String, String> headers, Body body, Duration limit) {
        return new HttpsCall(url, Optional.empty(), trust, false, new TreeMap<>(headers), Optional.of(body), limit);
    }

    /** The same request over a connection to {@code address}. */
    public HttpsCall through(HostPort address) {
        return new HttpsCall(url, Optional.of(address), trust, verifyHost, headers, body, limit);
    }

    /** The same request with less time. */
    public HttpsCall within(Duration less) {
        return new HttpsCall(url, connectTo, trust, verifyHost, headers, body, less);
    }
}
