/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import com.google.protobuf.ByteString;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.trust.BundleMessages;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import io.hanse.wire.spiffe.X509SVID;
import io.hanse.wire.spiffe.X509SVIDResponse;
import java.io.ByteArrayOutputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** SVIDs and bundles as the Workload API writes them (Workload API 5 and 6). */
final class Material {

    private Material() {}

    /** Everything a workload needs: full state, every time (WL-4.3a). */
    static X509SVIDResponse x509(List<X509Svid> svids, BundleMap bundles, TrustDomain own) {
        ByteString ownBundle =
                bundles.of(own).map(bundle -> der(bundle.x509Authorities())).orElse(ByteString.EMPTY);
        X509SVIDResponse.Builder response = X509SVIDResponse.newBuilder();
        for (X509Svid svid : svids) {
            response.addSvids(X509SVID.newBuilder()
                    .setSpiffeId(svid.id().toString())
                    .setX509Svid(der(svid.chain()))
                    .setX509SvidKey(ByteString.copyFrom(svid.key().getEncoded()))
                    .setBundle(ownBundle));
        }
        for (TrustBundle bundle : bundles.bundles().values()) {
            // An empty value makes java-spiffe drop the whole update; an absent key says the same.
            if (!bundle.trustDomain().equals(own) && !bundle.x509Authorities().isEmpty()) {
                response.putFederatedBundles(bundle.trustDomain().id().toString(), der(bundle.x509Authorities()));
            }
        }
        return response.build();
    }

    static X509BundlesResponse x509Bundles(BundleMap bundles) {
        return BundleMessages.x509(bundles);
    }

    static JWTBundlesResponse jwtBundles(BundleMap bundles) {
        return BundleMessages.jwt(bundles);
    }

    private static ByteString der(List<X509Certificate> certificates) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (X509Certificate certificate : certificates) {
            try {
                bytes.writeBytes(certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read cannot be written", e);
            }
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }
}
