/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.testing;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of a trust domain, root or intermediate, that makes what it is asked to make, wrong certificates
 * included. EC P-256 throughout; authorities live a day, leaves an hour, both from ten seconds before now.
 */
public final class TestAuthority {

    /** How long a root or intermediate lives. */
    public static final Duration AUTHORITY_LIFETIME = Duration.ofDays(1);

    /** How long a leaf lives. */
    public static final Duration LEAF_LIFETIME = Duration.ofHours(1);

    /** SPIRE's allowance for clocks that differ. */
    private static final Duration BACKDATE = Duration.ofSeconds(10);

    private final TrustDomain trustDomain;
    private final InstantSource clock;
    private final X509Certificate certificate;
    private final KeyPair keys;
    private final List<X509Certificate> pathBelowRoot;

    private TestAuthority(
            TrustDomain trustDomain,
            InstantSource clock,
            X509Certificate certificate,
            KeyPair keys,
            List<X509Certificate> pathBelowRoot) {
        this.trustDomain = trustDomain;
        this.clock = clock;
        this.certificate = certificate;
        this.keys = keys;
        this.pathBelowRoot = pathBelowRoot;
    }

    /** A root of {@code trustDomain} by the machine's clock. */
    public static TestAuthority of(String trustDomain) {
        return root(new TrustDomain(trustDomain), InstantSource.system(), spec -> {});
    }

    /** A root of {@code trustDomain} by a given clock. */
    public static TestAuthority of(String trustDomain, InstantSource clock) {
        return root(new TrustDomain(trustDomain), clock, spec -> {});
    }

    /** A root, with a change to its certificate. */
    public static TestAuthority root(TrustDomain trustDomain, InstantSource clock, Consumer<CertificateSpec> change) {
        KeyPair keys = ecKeys("secp256r1");
        X500Name name = authorityName();
        CertificateSpec spec = authoritySpec(name, name, keys, keys, trustDomain, clock);
        change.accept(spec);
        return new TestAuthority(trustDomain, clock, sign(spec), spec.keys, List.of());
    }

    /** An intermediate below this authority. */
    public TestAuthority intermediate() {
        return intermediate(spec -> {});
    }

    /** An intermediate below this authority, with a change to its certificate. */
    public TestAuthority intermediate(Consumer<CertificateSpec> change) {
        CertificateSpec spec = authoritySpec(authorityName(), subject(), ecKeys("secp256r1"), keys, trustDomain, clock);
        change.accept(spec);
        X509Certificate made = sign(spec);
        List<X509Certificate> path = new ArrayList<>(List.of(made));
        path.addAll(pathBelowRoot);
        return new TestAuthority(trustDomain, clock, made, spec.keys, List.copyOf(path));
    }

    /** An SVID for {@code spiffe://<trust domain><path>}. */
    public TestSvid svid(String path) {
        return svid(new SpiffeId(trustDomain, path), spec -> {});
    }

    /** An SVID for any ID, also one that this authority may not vouch for. */
    public TestSvid svid(SpiffeId id) {
        return svid(id, spec -> {});
    }

    /** An SVID with a change to its certificate. */
    public TestSvid svid(String path, Consumer<CertificateSpec> change) {
        return svid(new SpiffeId(trustDomain, path), change);
    }

    /** An SVID with a change to its certificate. */
    public TestSvid svid(SpiffeId id, Consumer<CertificateSpec> change) {
        Instant now = clock.instant();
        CertificateSpec spec = new CertificateSpec(
                new X500Name("O=Hanse,CN=workload"),
                subject(),
                now.minus(BACKDATE),
                now.plus(LEAF_LIFETIME),
                ecKeys("secp256r1"),
                keys,
                false);
        spec.uris(id.toString());
        spec.extendedKeyUsage.addAll(List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
        change.accept(spec);
        List<X509Certificate> chain = new ArrayList<>(List.of(sign(spec)));
        chain.addAll(pathBelowRoot);
        return new TestSvid(id, chain, spec.keys.getPrivate());
    }

    public TrustDomain trustDomain() {
        return trustDomain;
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return keys.getPrivate();
    }

    /** Its own certificate and key as if they were an SVID, to be refused. */
    public TestSvid asSvid() {
        List<X509Certificate> chain = pathBelowRoot.isEmpty() ? List.of(certificate) : pathBelowRoot;
        return new TestSvid(trustDomain.id(), chain, keys.getPrivate());
    }

    /** A bundle with this authority alone: its certificate, and its key as a JWT key of the id {@code k1}. */
    public TrustBundle bundle() {
        return new TrustBundle(
                trustDomain,
                List.of(certificate),
                List.of(new JwtAuthority("k1", keys.getPublic())),
                OptionalLong.of(1),
                Optional.of(Duration.ofMinutes(5)));
    }

    /** A map of the bundles of these authorities, one per trust domain. */
    public static BundleMap bundles(TestAuthority... authorities) {
        BundleMap map = BundleMap.empty();
        for (TestAuthority authority : authorities) {
            map = map.with(authority.bundle());
        }
        return map;
    }

    /** A key pair on a named curve. */
    public static KeyPair ecKeys(String curve) {
        return keys("EC", new ECGenParameterSpec(curve));
    }

    /** An RSA key pair. */
    public static KeyPair rsaKeys(int bits) {
        return keys("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    private X500Name subject() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X500Name authorityName() {
        return new X500Name("O=Hanse,SERIALNUMBER=" + UUID.randomUUID());
    }

    private static CertificateSpec authoritySpec(
            X500Name subject,
            X500Name issuer,
            KeyPair keys,
            KeyPair issuerKeys,
            TrustDomain trustDomain,
            InstantSource clock) {
        Instant now = clock.instant();
        return new CertificateSpec(
                        subject, issuer, now.minus(BACKDATE), now.plus(AUTHORITY_LIFETIME), keys, issuerKeys, true)
                .uris(trustDomain.id().toString());
    }

    private static KeyPair keys(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the certificate that the form describes. */
    public static X509Certificate sign(CertificateSpec spec) {
        try {
            return new JcaX509CertificateConverter().getCertificate(make(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The DER of the certificate that the form describes, also if the JDK would not read it. */
    public static byte[] encode(CertificateSpec spec) {
        try {
            return make(spec).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509CertificateHolder make(CertificateSpec spec) {
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    spec.issuer,
                    spec.serial,
                    Date.from(spec.notBefore),
                    Date.from(spec.notAfter),
                    spec.subject,
                    spec.keys.getPublic());
            if (!spec.names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        spec.namesCritical,
                        new GeneralNames(spec.names.toArray(GeneralName[]::new)));
            }
            if (spec.authority.isPresent()) {
                boolean isAuthority = spec.authority.get();
                builder.addExtension(
                        Extension.basicConstraints,
                        true,
                        isAuthority && spec.pathLength.isPresent()
                                ? new BasicConstraints(spec.pathLength.get())
                                : new BasicConstraints(isAuthority));
            }
            if (spec.keyUsage.isPresent()) {
                builder.addExtension(Extension.keyUsage, spec.keyUsageCritical, new KeyUsage(spec.keyUsage.get()));
            }
            if (!spec.extendedKeyUsage.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(spec.extendedKeyUsage.toArray(KeyPurposeId[]::new)));
            }
            if (spec.keyIdentifiers) {
                builder.addExtension(
                        Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(spec.keys.getPublic()));
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        ids.createAuthorityKeyIdentifier(spec.issuerKeys.getPublic()));
            }
            for (Extension extension : spec.extensions) {
                builder.addExtension(extension);
            }
            return builder.build(
                    new JcaContentSignerBuilder(spec.signatureAlgorithm).build(spec.issuerKeys.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
