/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Leaves with one thing wrong. */
final class CertificateForgeries {

    /** How a certificate forgery is made for a door. */
    @FunctionalInterface
    interface Mutation extends Function<Target, Shown> {}

    static final String BYTES_AFTER = "bytes after the leaf";

    private final List<Forgery<Mutation>> all = new ArrayList<>();

    private CertificateForgeries() {}

    static List<Forgery<Mutation>> all() {
        CertificateForgeries list = new CertificateForgeries();
        list.names();
        list.ids();
        list.usages();
        list.validity();
        list.keysAndSignatures();
        return List.copyOf(list.all);
    }

    private void leaf(String rule, String name, ReasonCode expected, Consumer<CertificateSpec> change) {
        all.add(new Forgery<>(name, rule, expected, target -> target.leaf(change)));
    }

    /** A leaf whose only URI is this; {@code %s} is the target's trust domain. */
    private void uri(String rule, String name, ReasonCode expected, String format) {
        all.add(new Forgery<>(
                name,
                rule,
                expected,
                target -> target.leaf(spec -> spec.uris(
                        format.replace("{td}", target.root().trustDomain().name())))));
    }

    /** A leaf that the JDK would not read, even to a forger. */
    private void encoded(String rule, String name, Consumer<CertificateSpec> change) {
        all.add(new Forgery<>(name, rule, ReasonCode.CERTIFICATE_MALFORMED, target -> {
            List<CertificateSpec> form = new ArrayList<>();
            Shown genuine = target.leaf(form::add);
            change.accept(form.getFirst());
            return genuine.withLeaf(TestAuthority.encode(form.getFirst()));
        }));
    }

    private void names() {
        leaf("X509-2", "no names", ReasonCode.SPIFFE_ID_MISSING, spec -> spec.names.clear());
        leaf(
                "X509-2",
                "a DNS name alone",
                ReasonCode.SPIFFE_ID_MISSING,
                spec -> spec.uris().dns("web.example"));
        all.add(new Forgery<>(
                "two SPIFFE IDs",
                "X509-2",
                ReasonCode.SPIFFE_ID_AMBIGUOUS,
                target -> target.leaf(spec -> spec.uris(target.id().toString(), target.id() + "-too"))));
        all.add(new Forgery<>(
                "a SPIFFE ID and another URI",
                "X509-2",
                ReasonCode.SPIFFE_ID_AMBIGUOUS,
                target -> target.leaf(spec -> spec.uris(target.id().toString(), "https://web.example/"))));
        encoded("X509-3.1b", "no subject, and names that are not critical", spec -> spec.subject = new X500Name(""));
    }

    private void ids() {
        uri("X509-5.2", "an https URI", ReasonCode.SPIFFE_ID_SCHEME, "https://{td}/a");
        uri("ID-2", "no authority", ReasonCode.SPIFFE_ID_MALFORMED, "spiffe:/{td}/a");
        uri("ID-2", "an empty trust domain", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe:///a");
        uri("ID-2", "a query", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a?q=1");
        uri("ID-2", "a fragment", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a#f");
        uri("ID-2.1a", "userinfo", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://me@{td}/a");
        uri("ID-2.1a", "a port", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://{td}:443/a");
        uri("ID-2.1a", "an empty port", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://{td}:/a");
        uri("ID-2.1b", "percent-encoding in the trust domain", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://%61{td}/a");
        uri("ID-2.1b", "an IPv6 address", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://[::1]/a");
        uri("ID-2.1b", "a letter beyond ASCII", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://\u00e9{td}/a");
        uri("ID-2.1b", "a space before the end", ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "spiffe://{td} /a");
        all.add(new Forgery<>(
                "upper case",
                "ID-2.1b",
                ReasonCode.SPIFFE_ID_CASE,
                target -> target.leaf(spec -> spec.uris(target.id()
                        .toString()
                        .replace(
                                target.root().trustDomain().name(),
                                target.root().trustDomain().name().toUpperCase(java.util.Locale.ROOT))))));
        all.add(new Forgery<>(
                "the scheme in upper case",
                "ID-2.1b",
                ReasonCode.SPIFFE_ID_CASE,
                target -> target.leaf(spec -> spec.uris(target.id().toString().replace("spiffe:", "SPIFFE:")))));
        uri("ID-2.2", "a trailing slash", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a/");
        uri("ID-2.2", "a slash alone", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/");
        uri("ID-2.2", "an empty segment", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a//b");
        uri("ID-2.2", "a dot segment", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a/./b");
        uri("ID-2.2", "a dot-dot segment", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a/../b");
        uri("ID-2.2", "percent-encoding in the path", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a%2fb");
        uri("ID-2.2", "a NUL in the path", ReasonCode.SPIFFE_ID_PATH, "spiffe://{td}/a\u0000");
        all.add(new Forgery<>(
                "an ID of 2049 bytes",
                "ID-2.3b",
                ReasonCode.SPIFFE_ID_TOO_LONG,
                target -> target.leaf(spec -> spec.uris(target.id() + "/"
                        + "a".repeat(2048 - target.id().toString().length())))));
        uri(
                "ID-2.3b",
                "a trust domain of 256 bytes",
                ReasonCode.SPIFFE_ID_TOO_LONG,
                "spiffe://" + "a".repeat(256) + "/a");
        uri("X509-3.1a", "no path", ReasonCode.SPIFFE_ID_ROOT, "spiffe://{td}");
    }

    private void usages() {
        leaf("X509-4.1", "cA", ReasonCode.CERTIFICATE_IS_AUTHORITY, spec -> spec.authority = Optional.of(true));
        leaf("X509-4.3b", "keyCertSign", ReasonCode.CERTIFICATE_MAY_SIGN, usage(KeyUsage.keyCertSign));
        leaf("X509-4.3b", "cRLSign", ReasonCode.CERTIFICATE_MAY_SIGN, usage(KeyUsage.cRLSign));
        leaf("X509-4.3a", "no key usage", ReasonCode.CERTIFICATE_KEY_USAGE, spec -> spec.keyUsage = Optional.empty());
        leaf(
                "X509-4.3a",
                "key usage not critical",
                ReasonCode.CERTIFICATE_KEY_USAGE,
                spec -> spec.keyUsageCritical = false);
        leaf(
                "X509-4.3b",
                "no digitalSignature",
                ReasonCode.CERTIFICATE_MAY_NOT_AUTHENTICATE,
                spec -> spec.keyUsage = Optional.of(KeyUsage.keyAgreement));
        leaf(
                "X509-4.4",
                "serverAuth alone",
                ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                purposes(KeyPurposeId.id_kp_serverAuth));
        leaf(
                "X509-4.4",
                "clientAuth alone",
                ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                purposes(KeyPurposeId.id_kp_clientAuth));
        leaf(
                "X509-4.4",
                "another purpose alone",
                ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                purposes(KeyPurposeId.id_kp_codeSigning));
        leaf(
                "RFC 5280 4.2",
                "a critical extension that nobody knows",
                ReasonCode.CERTIFICATE_EXTENSION_UNKNOWN,
                spec -> spec.extension("1.3.6.1.4.1.99999.1", true, new byte[] {5, 0}));
    }

    private void validity() {
        leaf("X509-5.1", "expired", ReasonCode.CERTIFICATE_EXPIRED, spec -> spec.notAfter = now().minusSeconds(2));
        leaf(
                "X509-5.1",
                "not yet valid",
                ReasonCode.CERTIFICATE_NOT_YET_VALID,
                spec -> spec.notBefore = now().plusSeconds(600));
        leaf(
                "RFC 5280 4.1.2.5",
                "ends before it begins",
                ReasonCode.CERTIFICATE_EXPIRED,
                spec -> spec.notAfter = spec.notBefore.minusSeconds(60));
        leaf(
                "RFC 5280 4.1.2.2",
                "serial number zero",
                ReasonCode.CERTIFICATE_SERIAL,
                spec -> spec.serial = BigInteger.ZERO);
        leaf(
                "RFC 5280 4.1.2.2",
                "a negative serial number",
                ReasonCode.CERTIFICATE_SERIAL,
                spec -> spec.serial = BigInteger.valueOf(-7));
        leaf(
                "RFC 5280 4.1.2.2",
                "a serial number of 21 octets",
                ReasonCode.CERTIFICATE_SERIAL,
                spec -> spec.serial = BigInteger.ONE.shiftLeft(160));
    }

    private void keysAndSignatures() {
        leaf("house", "an RSA key of 1024 bits", ReasonCode.CERTIFICATE_KEY_WEAK, spec -> spec.keys = Keys.RSA_1024);
        all.add(new Forgery<>("an Ed25519 key", "house", ReasonCode.CERTIFICATE_KEY_WEAK, target -> {
            Shown genuine = target.genuine();
            Shown shown = target.leaf(spec -> spec.keys = Keys.ED25519);
            return new Shown(shown.chain(), genuine.posing(), genuine.key(), shown.bundles());
        }));
        leaf(
                "house",
                "a signature with SHA-1",
                ReasonCode.CERTIFICATE_SIGNATURE_WEAK,
                spec -> spec.signatureAlgorithm = "SHA1withECDSA");
        leaf("X509-5.1", "signed by another key under the issuer's name", ReasonCode.CERTIFICATE_SIGNATURE, spec -> {
            spec.issuerKeys = Keys.EC;
            spec.keyIdentifiers = false;
        });
        leaf(
                "X509-5.1",
                "another issuer's name",
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                spec -> spec.issuer = new X500Name("O=Another"));
        leaf("X509-5.1", "signed by itself", ReasonCode.CERTIFICATE_CHAIN_BROKEN, spec -> {
            spec.issuer = spec.subject;
            spec.issuerKeys = spec.keys;
        });
        all.add(new Forgery<>(
                "a bit of the signature flipped", "X509-5.1", ReasonCode.CERTIFICATE_SIGNATURE, target -> {
                    Shown genuine = target.genuine();
                    byte[] der = genuine.chain().getFirst().bytes();
                    der[der.length - 1] ^= 1;
                    return genuine.withLeaf(der);
                }));
        all.add(new Forgery<>("another subject after signing", "ID-3.2", ReasonCode.CERTIFICATE_SIGNATURE, target -> {
            Shown genuine = target.genuine();
            byte[] der = genuine.chain().getFirst().bytes();
            int at = Bytes.indexOf(der, "workload".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            der[at] = 'W';
            return genuine.withLeaf(der);
        }));
        all.add(new Forgery<>(BYTES_AFTER, "RFC 5280 4.1", ReasonCode.CERTIFICATE_MALFORMED, target -> {
            Shown genuine = target.genuine();
            byte[] der = genuine.chain().getFirst().bytes();
            return genuine.withLeaf(java.util.Arrays.copyOf(der, der.length + 2));
        }));
        all.add(new Forgery<>("a leaf cut short", "RFC 5280 4.1", ReasonCode.CERTIFICATE_MALFORMED, target -> {
            Shown genuine = target.genuine();
            byte[] der = genuine.chain().getFirst().bytes();
            return genuine.withLeaf(java.util.Arrays.copyOf(der, der.length - 3));
        }));
        all.add(new Forgery<>(
                "garbage for a leaf",
                "RFC 5280 4.1",
                ReasonCode.CERTIFICATE_MALFORMED,
                target -> target.genuine()
                        .withLeaf("-----BEGIN CERTIFICATE-----".getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
        all.add(new Forgery<>(
                "the key of another certificate", "RFC 8446 4.4.3", ReasonCode.CERTIFICATE_KEY_NOT_HELD, target -> {
                    Shown genuine = target.genuine();
                    return new Shown(genuine.chain(), genuine.posing(), Keys.EC.getPrivate(), genuine.bundles());
                }));
        all.add(new Forgery<>("no certificate at all", "house", ReasonCode.NO_CLIENT_CERTIFICATE, target -> {
            Shown genuine = target.genuine();
            return new Shown(List.of(), genuine.posing(), genuine.key(), genuine.bundles());
        }));
    }

    private static Instant now() {
        return InstantSource.system().instant();
    }

    private static Consumer<CertificateSpec> usage(int extra) {
        return spec -> spec.keyUsage = Optional.of(KeyUsage.digitalSignature | extra);
    }

    private static Consumer<CertificateSpec> purposes(KeyPurposeId... purposes) {
        return spec -> spec.extendedKeyUsage = List.of(purposes);
    }
}
