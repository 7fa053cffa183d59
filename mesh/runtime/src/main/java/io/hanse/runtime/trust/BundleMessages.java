/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import com.google.protobuf.ByteString;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two bundle messages of the Workload API and the bundle map, both ways. Keys are trust domain IDs, X.509 values
 * concatenated DER, JWT values JWK sets.
 *
 * <p>An entry that cannot be read is left out and logged, which means that its trust domain is not trusted: closed for
 * that one, and no peer can keep the news of the others away.
 */
public final class BundleMessages {

    private static final Logger log = LoggerFactory.getLogger(BundleMessages.class);

    private BundleMessages() {}

    /** The X.509 side of a map, as {@code FetchX509Bundles} carries it. */
    public static X509BundlesResponse x509(BundleMap map) {
        X509BundlesResponse.Builder message = X509BundlesResponse.newBuilder();
        map.bundles().forEach((domain, bundle) -> message.putBundles(domain.id().toString(), der(bundle)));
        return message.build();
    }

    /** The JWT side of a map, as {@code FetchJWTBundles} carries it. */
    public static JWTBundlesResponse jwt(BundleMap map) {
        JWTBundlesResponse.Builder message = JWTBundlesResponse.newBuilder();
        map.bundles()
                .forEach((domain, bundle) -> message.putBundles(
                        domain.id().toString(), ByteString.copyFrom(BundleJson.formatJwtKeys(bundle))));
        return message.build();
    }

    /** Both sides as one map: every trust domain that either names. */
    static BundleMap merge(Map<TrustDomain, List<X509Certificate>> x509, Map<TrustDomain, List<JwtAuthority>> jwt) {
        Set<TrustDomain> domains = new TreeSet<>(x509.keySet());
        domains.addAll(jwt.keySet());
        Map<TrustDomain, TrustBundle> bundles = new TreeMap<>();
        for (TrustDomain domain : domains) {
            bundles.put(
                    domain,
                    new TrustBundle(
                            domain,
                            x509.getOrDefault(domain, List.of()),
                            jwt.getOrDefault(domain, List.of()),
                            OptionalLong.empty(),
                            Optional.empty()));
        }
        return BundleMap.of(bundles);
    }

    static Map<TrustDomain, List<X509Certificate>> read(X509BundlesResponse message) {
        Map<TrustDomain, List<X509Certificate>> read = new TreeMap<>();
        message.getBundlesMap().forEach((key, value) -> {
            try {
                read.put(TrustDomain.parse(key), certificates(value));
            } catch (InvalidSpiffeId | CertificateException e) {
                unreadable(key, e);
            }
        });
        return read;
    }

    static Map<TrustDomain, List<JwtAuthority>> read(JWTBundlesResponse message) {
        Map<TrustDomain, List<JwtAuthority>> read = new TreeMap<>();
        message.getBundlesMap().forEach((key, value) -> {
            try {
                TrustDomain domain = TrustDomain.parse(key);
                read.put(
                        domain,
                        BundleJson.parseJwtKeys(domain, value.toByteArray()).jwtAuthorities());
            } catch (InvalidSpiffeId | MalformedBundle e) {
                unreadable(key, e);
            }
        });
        return read;
    }

    private static void unreadable(String key, Exception why) {
        log.atError()
                .addKeyValue("trust_domain", key)
                .addKeyValue("reason", why.getMessage())
                .log("bundle cannot be read, its trust domain is not trusted");
    }

    private static List<X509Certificate> certificates(ByteString der) throws CertificateException {
        if (der.isEmpty()) {
            return List.of();
        }
        List<X509Certificate> certificates = new ArrayList<>();
        ByteArrayInputStream in = new ByteArrayInputStream(der.toByteArray());
        for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            certificates.add((X509Certificate) certificate);
        }
        return certificates;
    }

    private static ByteString der(TrustBundle bundle) {
        ByteString der = ByteString.empty();
        for (X509Certificate authority : bundle.x509Authorities()) {
            try {
                der = der.concat(ByteString.copyFrom(authority.getEncoded()));
            } catch (CertificateException e) {
                throw new IllegalStateException("a certificate lost its encoding (expected: parsed ones keep it)", e);
            }
        }
        return der;
    }
}
