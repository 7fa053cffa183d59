/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.profile;

import io.hanse.ca.keys.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** Bouncy Castle collects the bytes, our key signs them: no provider look-up per certificate. For one use. */
final class SigningKeyContentSigner implements ContentSigner {

    /** A leaf with a 2048-byte ID still fits; the buffer grows if an RSA key makes it larger. */
    private static final int TYPICAL_BYTES = 1024;

    private final SigningKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream(TYPICAL_BYTES);

    SigningKeyContentSigner(SigningKey key) {
        this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(key.kind().signatureAlgorithm());
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public byte[] getSignature() {
        return key.sign(content.toByteArray());
    }
}
