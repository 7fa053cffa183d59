/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import com.google.protobuf.ByteString;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.wire.exchange.WatchResponse;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** {@link ExchangeState} as the messages of the wire. Pure. */
final class BundleMessages {

    private BundleMessages() {}

    /**
     * Every X.509 bundle; empty until the own one is known (WL-5.2.2). A trust domain that revoked everything is left
     * out: no bundle means refused, and an empty value makes java-spiffe drop the whole message.
     */
    static Optional<X509BundlesResponse> x509(ExchangeState state) {
        if (state.own().isEmpty()) {
            return Optional.empty();
        }
        X509BundlesResponse.Builder message = X509BundlesResponse.newBuilder();
        for (TrustBundle bundle : state.bundleMap().bundles().values()) {
            if (!bundle.x509Authorities().isEmpty()) {
                message.putBundles(bundle.trustDomain().id().toString(), der(bundle));
            }
        }
        return Optional.of(message.build());
    }

    /** Every JWT bundle, as plain JWK sets with no other keys in them (WL-6.2.2). */
    static Optional<JWTBundlesResponse> jwt(ExchangeState state) {
        if (state.own().isEmpty()) {
            return Optional.empty();
        }
        JWTBundlesResponse.Builder message = JWTBundlesResponse.newBuilder();
        for (TrustBundle bundle : state.bundleMap().bundles().values()) {
            if (!bundle.jwtAuthorities().isEmpty()) {
                message.putBundles(
                        bundle.trustDomain().id().toString(), ByteString.copyFrom(BundleJson.formatJwtKeys(bundle)));
            }
        }
        return Optional.of(message.build());
    }

    /** The live relationships. */
    static Optional<WatchResponse> relationships(ExchangeState state) {
        WatchResponse.Builder message = WatchResponse.newBuilder();
        state.relationships().values().stream()
                .filter(relationship -> relationship.state() == Relationship.State.ESTABLISHED)
                .map(BundleMessages::relationship)
                .forEach(message::addRelationships);
        return Optional.of(message.build());
    }

    private static io.hanse.wire.exchange.Relationship relationship(Relationship relationship) {
        io.hanse.wire.exchange.Relationship.Builder message = io.hanse.wire.exchange.Relationship.newBuilder()
                .setTrustDomain(relationship.trustDomain().name())
                .setCluster(relationship.cluster().map(ClusterName::name).orElse(""));
        relationship.gateways().stream().map(HostPort::toString).forEach(message::addGateways);
        if (relationship.profile() instanceof Profile.HttpsSpiffe spiffe) {
            message.setEndpointSpiffeId(spiffe.endpointId().toString());
        }
        return message.build();
    }

    private static ByteString der(TrustBundle bundle) {
        ByteString der = ByteString.EMPTY;
        try {
            for (X509Certificate authority : bundle.x509Authorities()) {
                der = der.concat(ByteString.copyFrom(authority.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has no DER form", e);
        }
        return der;
    }
}
