/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Chains, authorities and bundles with one thing wrong; the leaf is genuine. */
final class PathForgeries {

    private final List<Forgery<Mutation>> all = new ArrayList<>();

    private PathForgeries() {}

    static List<Forgery<Mutation>> all() {
        PathForgeries list = new PathForgeries();
        list.intermediates();
        list.roots();
        list.lengths();
        list.trustDomains();
        list.bundles();
        return List.copyOf(list.all);
    }

    private void add(String rule, String name, ReasonCode expected, Mutation mutation) {
        all.add(new Forgery<>(name, rule, expected, mutation));
    }

    private void below(String rule, String name, ReasonCode expected, Consumer<CertificateSpec> change) {
        add(rule, "an intermediate " + name, expected, target -> target.below(change));
    }

    private void root(String rule, String name, ReasonCode expected, Consumer<CertificateSpec> change) {
        add(rule, "a root " + name, expected, target -> target.belowRoot(change));
    }

    private void intermediates() {
        below(
                "X509-4.1",
                "without cA",
                ReasonCode.CERTIFICATE_AUTHORITY_INVALID,
                spec -> spec.authority = Optional.of(false));
        below(
                "X509-3.2a",
                "without basic constraints",
                ReasonCode.CERTIFICATE_AUTHORITY_INVALID,
                spec -> spec.authority = Optional.empty());
        below(
                "X509-4.3b",
                "without keyCertSign",
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                spec -> spec.keyUsage = Optional.of(KeyUsage.cRLSign));
        below(
                "X509-4.3a",
                "without key usage",
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                spec -> spec.keyUsage = Optional.empty());
        below(
                "X509-4.3a",
                "whose key usage is not critical",
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                spec -> spec.keyUsageCritical = false);
        add(
                "X509-3.2a",
                "an intermediate whose ID has a path",
                ReasonCode.CERTIFICATE_AUTHORITY_ID,
                target -> target.below(
                        spec -> spec.uris(target.root().trustDomain().id() + "/ca")));
        below(
                "X509-3.2a",
                "of another trust domain",
                ReasonCode.CERTIFICATE_AUTHORITY_ID,
                spec -> spec.uris("spiffe://" + Target.NEIGHBOUR));
        add(
                "X509-2",
                "an intermediate with two IDs",
                ReasonCode.CERTIFICATE_AUTHORITY_ID,
                target -> target.below(spec ->
                        spec.uris(target.root().trustDomain().id().toString(), "spiffe://" + Target.NEIGHBOUR)));
        below(
                "X509-5.1",
                "that has expired",
                ReasonCode.CERTIFICATE_AUTHORITY_EXPIRED,
                spec -> spec.notAfter = now().minusSeconds(2));
        below(
                "X509-5.1",
                "that is not valid yet",
                ReasonCode.CERTIFICATE_AUTHORITY_NOT_YET_VALID,
                spec -> spec.notBefore = now().plusSeconds(600));
        below(
                "RFC 5280 4.2",
                "with an unknown critical extension",
                ReasonCode.CERTIFICATE_EXTENSION_UNKNOWN,
                spec -> spec.extension("1.3.6.1.4.1.99999.1", true, new byte[] {5, 0}));
        below(
                "RFC 5280 4.1.2.2",
                "with serial number zero",
                ReasonCode.CERTIFICATE_SERIAL,
                spec -> spec.serial = java.math.BigInteger.ZERO);
        below(
                "house",
                "signed with SHA-1",
                ReasonCode.CERTIFICATE_SIGNATURE_WEAK,
                spec -> spec.signatureAlgorithm = "SHA1withECDSA");
        below(
                "X509-4.2",
                "constrained to another name",
                ReasonCode.CERTIFICATE_NAME_CONSTRAINT,
                constrainedTo("elsewhere.example"));
        add("house", "an intermediate with an RSA key of 1024 bits", ReasonCode.CERTIFICATE_KEY_WEAK, target -> {
            TestAuthority weak = target.root().intermediate(spec -> spec.keys = Keys.RSA_1024);
            return Shown.of(
                    weak.svid(target.id(), spec -> spec.signatureAlgorithm = "SHA256withRSA"), target.bundles());
        });
        add("house", "an intermediate with an Ed25519 key", ReasonCode.CERTIFICATE_SIGNATURE_WEAK, target -> {
            TestAuthority odd = target.root().intermediate(spec -> spec.keys = Keys.ED25519);
            return Shown.of(odd.svid(target.id(), spec -> spec.signatureAlgorithm = "Ed25519"), target.bundles());
        });
        add(
                "X509-5.1",
                "an intermediate that the root did not sign",
                ReasonCode.CERTIFICATE_SIGNATURE,
                target -> target.below(spec -> {
                    spec.issuerKeys = Keys.EC;
                    spec.keyIdentifiers = false;
                }));
    }

    private void roots() {
        root(
                "X509-4.1",
                "without cA",
                ReasonCode.CERTIFICATE_AUTHORITY_INVALID,
                spec -> spec.authority = Optional.of(false));
        root(
                "X509-4.3b",
                "without keyCertSign",
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                spec -> spec.keyUsage = Optional.of(KeyUsage.digitalSignature));
        root(
                "X509-3.2a",
                "of another trust domain",
                ReasonCode.CERTIFICATE_AUTHORITY_ID,
                spec -> spec.uris("spiffe://" + Target.NEIGHBOUR));
        root(
                "X509-5.1",
                "that has expired",
                ReasonCode.CERTIFICATE_AUTHORITY_EXPIRED,
                spec -> spec.notAfter = now().minusSeconds(2));
        root(
                "X509-5.1",
                "that is not valid yet",
                ReasonCode.CERTIFICATE_AUTHORITY_NOT_YET_VALID,
                spec -> spec.notBefore = now().plusSeconds(600));
        root(
                "X509-4.2",
                "constrained to another name",
                ReasonCode.CERTIFICATE_NAME_CONSTRAINT,
                constrainedTo("elsewhere.example"));
    }

    private void lengths() {
        add(
                "X509-4.1",
                "longer than the intermediate's pathLenConstraint",
                ReasonCode.CERTIFICATE_PATH_TOO_LONG,
                target -> Shown.of(
                        target.root()
                                .intermediate(spec -> spec.pathLength = Optional.of(0))
                                .intermediate()
                                .svid(target.id()),
                        target.bundles()));
        add("X509-4.1", "longer than the root's pathLenConstraint", ReasonCode.CERTIFICATE_PATH_TOO_LONG, target -> {
            TestAuthority tight = TestAuthority.root(
                    target.root().trustDomain(), InstantSource.system(), spec -> spec.pathLength = Optional.of(0));
            return Shown.of(tight.intermediate().svid(target.id()), target.bundlesOf(tight.certificate()));
        });
        add("X509-5.1", "the intermediate left out", ReasonCode.CERTIFICATE_CHAIN_BROKEN, target -> {
            TestSvid svid = target.svid();
            return Shown.of(List.of(svid.leaf()), svid.key(), target.bundles());
        });
        add("house", "more certificates than are looked at", ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE, target -> {
            TestSvid svid = target.svid();
            List<X509Certificate> chain = new ArrayList<>(svid.chain());
            for (int i = 0; i < SvidVerifier.MAX_INTERMEDIATES; i++) {
                chain.add(target.neighbour().intermediate().certificate());
            }
            return Shown.of(chain, svid.key(), target.bundles());
        });
        add(
                "house",
                "more bytes than are looked at",
                ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE,
                target -> target.leaf(
                        spec -> spec.extension("1.3.6.1.4.1.99999.1", false, new byte[SvidVerifier.MAX_CHAIN_BYTES])));
        add(
                "X509-3.2b",
                "a signing certificate that authenticates",
                ReasonCode.CERTIFICATE_IS_AUTHORITY,
                target -> Shown.of(
                        target.root()
                                .intermediate(spec ->
                                        spec.keyUsage = Optional.of(KeyUsage.keyCertSign | KeyUsage.digitalSignature))
                                .asSvid(),
                        target.bundles()));
    }

    private void trustDomains() {
        add(
                "WL-4.6",
                "by the root of another trusted trust domain",
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                target -> Shown.of(target.neighbour().svid(target.id()), target.bundles()));
        add(
                "WL-4.6",
                "of a trust domain without a bundle",
                ReasonCode.TRUST_DOMAIN_UNKNOWN,
                target -> Shown.of(
                        target.svid(), target.bundles().without(target.root().trustDomain())));
        add("WL-4.6", "by a root of the same name", ReasonCode.CERTIFICATE_SIGNATURE, target -> {
            X500Name name = X500Name.getInstance(
                    target.root().certificate().getSubjectX500Principal().getEncoded());
            TestAuthority impostor = TestAuthority.root(target.root().trustDomain(), InstantSource.system(), spec -> {
                spec.subject = name;
                spec.issuer = name;
            });
            return Shown.of(impostor.svid(target.id(), spec -> spec.keyIdentifiers = false), target.bundles());
        });
        add(
                "BND-3",
                "the bundles of two trust domains swapped",
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                target -> Shown.of(
                        target.svid(), target.bundlesOf(target.neighbour().certificate())));
        add(
                "FED-4.1b",
                "a root that was revoked",
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                target -> Shown.of(
                        target.svid(),
                        target.bundlesOf(
                                TestAuthority.of(target.root().trustDomain().name())
                                        .certificate())));
        add(
                "FED-5.2.2.4a",
                "another workload of the right trust domain",
                ReasonCode.IDENTITY_UNEXPECTED,
                target -> Shown.of(
                        target.issuing().svid(new SpiffeId(target.root().trustDomain(), "/ns/shop/sa/another")),
                        target.bundles()));
    }

    private void bundles() {
        bundle("BND-4.1.3", "an empty bundle", ReasonCode.BUNDLE_EMPTY, target -> "{\"keys\":[]}");
        bundle(
                "BND-4.2.1",
                "the root under another kty",
                ReasonCode.BUNDLE_EMPTY,
                target -> document(key("AKP", "x509-svid", target.root().certificate())));
        bundle(
                "BND-4.2.2",
                "the root under another use",
                ReasonCode.BUNDLE_EMPTY,
                target -> document(key("EC", "sig", target.root().certificate())));
        bundle(
                "BND-4.2.2",
                "the root under a use in upper case",
                ReasonCode.BUNDLE_EMPTY,
                target -> document(key("EC", "X509-SVID", target.root().certificate())));
        bundle(
                "BND-4.2.2",
                "the root for another kind of SVID",
                ReasonCode.BUNDLE_EMPTY,
                target -> document(key("EC", "jwt-svid", target.root().certificate())));
        bundle("X509-6.2", "an empty x5c", ReasonCode.BUNDLE_EMPTY, target -> document(key("EC", "x509-svid")));
        bundle(
                "X509-6.2",
                "the root second in x5c",
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                target -> document(key(
                        "EC",
                        "x509-svid",
                        TestAuthority.of(target.root().trustDomain().name()).certificate(),
                        target.root().certificate())));
    }

    private void bundle(
            String rule, String name, ReasonCode expected, java.util.function.Function<Target, String> document) {
        add(rule, name, expected, target -> {
            try {
                TrustBundle bundle = BundleJson.parse(
                        target.root().trustDomain(), document.apply(target).getBytes(StandardCharsets.UTF_8));
                BundleMap trusted = target.bundles().with(bundle);
                return Shown.of(target.svid(), trusted);
            } catch (MalformedBundle e) {
                throw new AssertionError(name, e);
            }
        });
    }

    private static String document(String key) {
        return "{\"keys\":[" + key + "]}";
    }

    private static String key(String kty, String use, X509Certificate... certificates) {
        List<String> x5c = new ArrayList<>();
        for (X509Certificate each : certificates) {
            x5c.add('"' + Base64.getEncoder().encodeToString(Shown.encoded(each)) + '"');
        }
        return "{\"kty\":\"%s\",\"use\":\"%s\",\"x5c\":[%s]}".formatted(kty, use, String.join(",", x5c));
    }

    private static Consumer<CertificateSpec> constrainedTo(String host) {
        return spec -> {
            try {
                byte[] value = new NameConstraints(
                                new GeneralSubtree[] {
                                    new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host))
                                },
                                null)
                        .getEncoded();
                spec.extension(Extension.nameConstraints.getId(), true, value);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Instant now() {
        return InstantSource.system().instant();
    }
}
