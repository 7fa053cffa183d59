/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.testing;

import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Everything that goes into a certificate, correct until a test breaks exactly one part. Fields are public and mutable on
 * purpose: this is a form to be filled in, and lives only in tests.
 */
public final class CertificateSpec {

    public X500Name subject;
    public X500Name issuer;
    public Instant notBefore;
    public Instant notAfter;
    public KeyPair keys;
    public KeyPair issuerKeys;
    public String signatureAlgorithm = "SHA256withECDSA";
    /** A random one of 16 bytes. */
    public BigInteger serial = new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);

    /** Subject alternative names, in order; none means no extension. */
    public List<GeneralName> names = new ArrayList<>();

    public boolean namesCritical;

    /** Empty means no basic constraints extension. */
    public Optional<Boolean> authority;

    public Optional<Integer> pathLength = Optional.empty();

    /** Bits of {@link KeyUsage}; empty means no key usage extension. */
    public Optional<Integer> keyUsage;

    public boolean keyUsageCritical = true;

    /** Empty means no extended key usage extension. */
    public List<KeyPurposeId> extendedKeyUsage = new ArrayList<>();

    public boolean keyIdentifiers = true;

    /** Further extensions, as they are. */
    public List<Extension> extensions = new ArrayList<>();

    CertificateSpec(
            X500Name subject,
            X500Name issuer,
            Instant notBefore,
            Instant notAfter,
            KeyPair keys,
            KeyPair issuerKeys,
            boolean authority) {
        this.subject = subject;
        this.issuer = issuer;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.keys = keys;
        this.issuerKeys = issuerKeys;
        this.authority = Optional.of(authority);
        this.keyUsage = Optional.of(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature);
    }

    /** Replaces every URI name by these. */
    public CertificateSpec uris(String... uris) {
        names.removeIf(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier);
        for (String uri : uris) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        }
        return this;
    }

    /** Adds a DNS name. */
    public CertificateSpec dns(String name) {
        names.add(new GeneralName(GeneralName.dNSName, name));
        return this;
    }

    /** Adds an extension with this DER value. */
    public CertificateSpec extension(String oid, boolean critical, byte[] value) {
        extensions.add(new Extension(new ASN1ObjectIdentifier(oid), critical, value));
        return this;
    }
}
