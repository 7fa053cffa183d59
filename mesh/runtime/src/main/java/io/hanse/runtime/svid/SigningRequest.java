/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.Pem;
import java.io.IOException;
import java.security.KeyPair;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS#10 request as Istio's proxies send it: no subject, one URI name, and that name critical because the subject is
 * empty (RFC 5280 4.2.1.6).
 */
final class SigningRequest {

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final String LABEL = "CERTIFICATE REQUEST";
    private static final X500Name NO_SUBJECT = new X500Name("");

    private SigningRequest() {}

    static String pem(KeyPair pair, SpiffeId id) {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, id.toString());
            extensions.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(name));
            byte[] der = new JcaPKCS10CertificationRequestBuilder(NO_SUBJECT, pair.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate()))
                    .getEncoded();
            return Pem.block(LABEL, der);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request for a fresh P-256 key cannot be signed", e);
        }
    }
}
