/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.profile;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.SigningKey;
import io.hanse.model.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * A JWT-SVID (JWT-SVID.md): JWS compact, header exactly {@code alg kid typ} (2), claims exactly {@code sub aud exp iat}
 * (3), times in whole seconds.
 */
public final class JwtSvidToken {

    private JwtSvidToken() {}

    /**
     * Signs a token.
     *
     * @param audience at least one (3.2)
     */
    public static String sign(
            SpiffeId subject, List<String> audience, Instant issuedAt, Instant expiresAt, SigningKey key) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(key.kind().jwsAlgorithm()))
                .type(JOSEObjectType.JWT)
                .keyID(key.keyId())
                .build();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(subject.toString())
                .audience(audience)
                .expirationTime(Date.from(expiresAt))
                .issueTime(Date.from(issuedAt))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new SigningKeyJwsSigner(key));
        } catch (JOSEException refused) {
            throw new CaException(
                    CaException.Code.INVARIANT, "a JWT-SVID cannot be signed", "report this as a bug", refused);
        }
        return token.serialize();
    }

    /** Bytes that the claim {@code aud} takes, as it is written here. */
    public static int audienceBytes(List<String> audience) {
        return JSONArrayUtils.toJSONString(audience).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether {@code token} carries {@code keyId} and was signed by the holder of {@code key}; claims are not judged. */
    public static boolean verifies(String token, String keyId, PublicKey key) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            JWSVerifier verifier =
                    key instanceof ECPublicKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier((RSAPublicKey) key);
            return keyId.equals(parsed.getHeader().getKeyID()) && parsed.verify(verifier);
        } catch (ParseException | JOSEException unreadable) {
            return false;
        }
    }

    /** Lets Nimbus build and our key sign. */
    private static final class SigningKeyJwsSigner implements JWSSigner {

        private final SigningKey key;
        private final JCAContext context = new JCAContext();

        SigningKeyJwsSigner(SigningKey key) {
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
            byte[] signature = key.sign(signingInput);
            JWSAlgorithm algorithm = header.getAlgorithm();
            // JWS carries r and s side by side (RFC 7518 3.4), the JCA gives them in DER.
            return JWSAlgorithm.Family.EC.contains(algorithm)
                    ? Base64URL.encode(
                            ECDSA.transcodeSignatureToConcat(signature, ECDSA.getSignatureByteArrayLength(algorithm)))
                    : Base64URL.encode(signature);
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.parse(key.kind().jwsAlgorithm()));
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }
}
