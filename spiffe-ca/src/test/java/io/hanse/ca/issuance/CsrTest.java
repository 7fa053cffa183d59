/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.ca.attest.Refusal;
import io.hanse.ca.testing.Requests;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.testing.TestAuthority;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsrTest {

    private static final KeyPair P256 = TestAuthority.ecKeys("secp256r1");

    @Test
    void takesTheKeyOfAP256Request() {
        assertThat(read(Requests.pem(P256)))
                .isInstanceOfSatisfying(
                        Csr.Outcome.Accepted.class,
                        accepted -> assertThat(accepted.key().getEncoded())
                                .isEqualTo(P256.getPublic().getEncoded()));
    }

    @Test
    void takesP384AndRsa2048() {
        assertThat(read(Requests.pem(TestAuthority.ecKeys("secp384r1")))).isInstanceOf(Csr.Outcome.Accepted.class);
        assertThat(read(Requests.pem(TestAuthority.rsaKeys(2048)))).isInstanceOf(Csr.Outcome.Accepted.class);
    }

    @Test
    void takesTheOldPemLabel() {
        String pem = Requests.pem(P256)
                .replace("BEGIN CERTIFICATE", "BEGIN NEW CERTIFICATE")
                .replace("END CERTIFICATE", "END NEW CERTIFICATE");
        assertThat(read(pem)).isInstanceOf(Csr.Outcome.Accepted.class);
    }

    @Test
    void refusesRsa1024() {
        Refusal refusal = refused(Requests.pem(TestAuthority.rsaKeys(1024)));
        assertThat(refusal.code()).isEqualTo(Refusal.Code.CSR_KEY_WEAK);
        assertThat(refusal.detail()).contains("1024 bits");
    }

    @Test
    void refusesOtherCurvesAndKinds() throws Exception {
        assertThat(refused(Requests.pem(TestAuthority.ecKeys("secp521r1"))).code())
                .isEqualTo(Refusal.Code.CSR_KEY_WEAK);
        KeyPair ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(refused(Requests.pem(Requests.der(ed, P256, "spiffe://lubeck.example/a")))
                        .code())
                .isEqualTo(Refusal.Code.CSR_KEY_WEAK);
    }

    @Test
    void aCurveThatIsSpelledOutOrAbsentIsNotRepeatedToTheLog() throws Exception {
        X9ECParameters spelledOut = ECNamedCurveTable.getByName("P-256");
        for (ASN1Encodable parameters : Arrays.asList(spelledOut, DERNull.INSTANCE, null)) {
            Refusal refusal = refused(withParameters(parameters));
            assertThat(refusal.code()).isEqualTo(Refusal.Code.CSR_KEY_WEAK);
            assertThat(refusal.detail()).startsWith("the request holds an EC key on an unnamed curve (expected: ");
        }
        ASN1ObjectIdentifier endless = new ASN1ObjectIdentifier("1.2" + ".840".repeat(1000));
        assertThat(refused(withParameters(endless)).detail()).contains("an unnamed curve");
    }

    private static String withParameters(@Nullable ASN1Encodable parameters) throws IOException {
        SubjectPublicKeyInfo good =
                SubjectPublicKeyInfo.getInstance(P256.getPublic().getEncoded());
        SubjectPublicKeyInfo key = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(good.getAlgorithm().getAlgorithm(), parameters), good.getPublicKeyData());
        return Requests.pem(new CertificationRequest(
                        new CertificationRequestInfo(new X500Name("CN=any"), key, null),
                        new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256),
                        new DERBitString(new byte[8]))
                .getEncoded());
    }

    @Test
    void refusesARequestThatAnotherKeySigned() {
        Refusal refusal = refused(Requests.signedByAnother(P256, TestAuthority.ecKeys("secp256r1")));
        assertThat(refusal.code()).isEqualTo(Refusal.Code.CSR_SIGNATURE);
        assertThat(refusal.detail()).contains("proof of possession");
    }

    @Test
    void refusesAnAlteredRequest() {
        byte[] der = Requests.der(P256, P256, "spiffe://lubeck.example/a");
        byte[] altered = der.clone();
        altered[altered.length - 1] ^= 1;
        assertThat(refused(Requests.pem(altered)).code()).isIn(Refusal.Code.CSR_SIGNATURE, Refusal.Code.CSR_MALFORMED);
    }

    @Test
    void noTruncationOfARequestIsAcceptedOrThrows() {
        byte[] der = Requests.der(P256, P256, "spiffe://lubeck.example/a");
        for (int length = 0; length < der.length; length++) {
            assertThat(read(Requests.pem(Arrays.copyOf(der, length)))).isInstanceOf(Csr.Outcome.Refused.class);
        }
    }

    @Test
    void noFlippedByteOfARequestThrows() {
        byte[] der = Requests.der(P256, P256, "spiffe://lubeck.example/a");
        for (int i = 0; i < der.length; i++) {
            byte[] altered = der.clone();
            altered[i] ^= (byte) 0xff;
            assertThat(read(Requests.pem(altered))).isInstanceOf(Csr.Outcome.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE REQUEST-----\n!!!\n-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThat(refused(text).code()).isEqualTo(Refusal.Code.CSR_MALFORMED);
    }

    @Test
    void refusesATextBeyondTheBound() {
        String pem = Requests.pem(P256);
        String padded = pem + " ".repeat(Csr.MAX_CHARACTERS - pem.length());
        assertThat(read(padded)).isInstanceOf(Csr.Outcome.Accepted.class);
        assertThat(refused(padded + " ").code()).isEqualTo(Refusal.Code.CSR_TOO_LARGE);
    }

    private static Csr.Outcome read(String pem) {
        return Csr.read(pem, TestCa.CRYPTO);
    }

    private static Refusal refused(String pem) {
        Csr.Outcome outcome = read(pem);
        assertThat(outcome).isInstanceOf(Csr.Outcome.Refused.class);
        return ((Csr.Outcome.Refused) outcome).refusal();
    }
}
