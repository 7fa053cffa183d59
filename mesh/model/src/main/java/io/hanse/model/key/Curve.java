/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.key;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Optional;

/** The NIST prime curves of RFC 7518 6.2.1.1. */
public enum Curve {
    P_256("P-256", "secp256r1", 32),
    P_384("P-384", "secp384r1", 48),
    P_521("P-521", "secp521r1", 66);

    private final String jwkName;
    private final int coordinateBytes;

    @SuppressWarnings("ImmutableEnumChecker") // Immutable by its documentation, only not annotated.
    private final ECParameterSpec parameters;

    Curve(String jwkName, String jdkName, int coordinateBytes) {
        this.jwkName = jwkName;
        this.coordinateBytes = coordinateBytes;
        this.parameters = parametersOf(jdkName);
    }

    /** The curve of a key; empty if it is another one, also one of the same size. */
    public static Optional<Curve> of(ECPublicKey key) {
        return Arrays.stream(values()).filter(curve -> curve.isOf(key)).findFirst();
    }

    /** The curve that a JWK calls {@code crv}. */
    public static Optional<Curve> ofJwk(String crv) {
        return Arrays.stream(values())
                .filter(curve -> curve.jwkName.equals(crv))
                .findFirst();
    }

    /** {@code crv} of a JWK. */
    public String jwkName() {
        return jwkName;
    }

    /** Bytes of {@code x} and of {@code y} in a JWK. */
    public int coordinateBytes() {
        return coordinateBytes;
    }

    /** The curve as the JDK's key factories take it. */
    public ECParameterSpec parameters() {
        return parameters;
    }

    /** Whether {@code point} lies on the curve; the JDK's key factory does not ask. */
    public boolean holds(ECPoint point) {
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.pow(3)
                .add(parameters.getCurve().getA().multiply(x))
                .add(parameters.getCurve().getB())
                .mod(p);
        return y.pow(2).mod(p).equals(right);
    }

    private boolean isOf(ECPublicKey key) {
        ECParameterSpec other = key.getParams();
        return other != null
                && parameters.getCurve().equals(other.getCurve())
                && parameters.getGenerator().equals(other.getGenerator())
                && parameters.getOrder().equals(other.getOrder());
    }

    private static ECParameterSpec parametersOf(String name) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("curve " + name + ": unknown to this JDK", e);
        }
    }
}
