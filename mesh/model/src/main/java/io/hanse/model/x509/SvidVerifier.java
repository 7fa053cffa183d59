/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.CertificateIdentity.Reading;
import io.hanse.model.x509.PathSearch.Path;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.model.x509.Verification.Verified;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides whether a certificate chain proves a SPIFFE ID (X509-SVID 5, RFC 5280 6). The only authorities it asks are those
 * of the trust domain that the leaf names; roots are never pooled (WL-4.6).
 *
 * <p>Cheap checks come first, signatures last. No I/O, no revocation lists; a good chain costs one signature per
 * certificate when it is first seen and none while it is remembered, a bad one at most {@value PathSearch#MAX_PATHS} times
 * the path. Everything that depends on the time or on the bundles is judged anew each time. Any thread.
 */
public final class SvidVerifier {

    /** Certificates after the leaf; SPIRE's deepest usual nesting is three, and one may be the root. */
    public static final int MAX_INTERMEDIATES = 5;

    /** Bytes of the whole chain; an SVID with RSA-4096 keys and a chain of this length takes half. */
    public static final int MAX_CHAIN_BYTES = 32 * 1024;

    /** Twenty octets of a positive INTEGER (RFC 5280 4.1.2.2). */
    private static final int MAX_SERIAL_BITS = 159;

    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private final InstantSource clock;
    private final Optional<String> signatureProvider;
    private final ProvenPaths proven = new ProvenPaths();

    /** Verifies signatures with the JDK's preferred provider. */
    public SvidVerifier(InstantSource clock) {
        this(clock, Optional.empty());
    }

    /**
     * Verifies signatures with a provider of the caller's choice, which is faster than SunEC.
     *
     * @param signatureProvider name of a registered {@link java.security.Provider}; if it is not registered, every chain
     *     is refused
     */
    public SvidVerifier(InstantSource clock, String signatureProvider) {
        this(clock, Optional.of(signatureProvider));
    }

    private SvidVerifier(InstantSource clock, Optional<String> signatureProvider) {
        this.clock = clock;
        this.signatureProvider = signatureProvider;
    }

    /**
     * Looks at a chain as a TLS peer shows it.
     *
     * @param chain the leaf first; intermediates after it in any order, with or without the root
     * @param bundles the bundle of each trust domain that is trusted at all
     */
    public Verification verify(List<X509Certificate> chain, BundleMap bundles) {
        return verify(chain, bundles, clock.instant());
    }

    /** The same as of {@code at}: whether a peer that was let in then would be with these bundles. */
    public Verification verify(List<X509Certificate> chain, BundleMap bundles, Instant at) {
        if (chain.isEmpty()) {
            return new Refused(ReasonCode.NO_CLIENT_CERTIFICATE, "no certificate");
        }
        if (chain.size() > 1 + MAX_INTERMEDIATES) {
            return new Refused(ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE, chain.size() + " certificates");
        }
        try {
            int bytes = 0;
            for (X509Certificate certificate : chain) {
                byte[] encoded = certificate.getEncoded();
                bytes += encoded.length;
                Der whole = Der.of(encoded);
                whole.next(Der.SEQUENCE);
                if (whole.hasMore()) {
                    return new Refused(ReasonCode.CERTIFICATE_MALFORMED, "more bytes after a certificate");
                }
            }
            if (bytes > MAX_CHAIN_BYTES) {
                return new Refused(ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE, bytes + " bytes");
            }
            return verifyBounded(chain, bundles, at);
        } catch (CertificateEncodingException e) {
            return new Refused(ReasonCode.CERTIFICATE_MALFORMED, "a certificate has no encoding");
        } catch (RuntimeException e) {
            // The JDK's certificate classes throw these on input they did not foresee; what cannot be read proves
            // nothing.
            return new Refused(ReasonCode.CERTIFICATE_MALFORMED, e.getClass().getSimpleName());
        }
    }

    private Verification verifyBounded(List<X509Certificate> chain, BundleMap bundles, Instant now)
            throws CertificateEncodingException {
        X509Certificate leaf = chain.getFirst();
        return switch (CertificateIdentity.read(leaf)) {
            case Reading.Nameless nameless -> new Refused(nameless.reason(), nameless.detail());
            case Reading.Named named -> {
                SpiffeId id = named.id();
                Optional<Refused> refused = LeafRules.refusal(leaf, id, now);
                if (refused.isPresent()) {
                    yield refused.get();
                }
                Optional<TrustBundle> bundle = bundles.of(id.trustDomain());
                yield bundle.isEmpty()
                        ? new Refused(ReasonCode.TRUST_DOMAIN_UNKNOWN, "no bundle of " + id.trustDomain())
                        : verifyPaths(id, chain, bundle.get(), now);
            }
        };
    }

    private Verification verifyPaths(SpiffeId id, List<X509Certificate> chain, TrustBundle bundle, Instant now)
            throws CertificateEncodingException {
        X509Certificate leaf = chain.getFirst();
        if (bundle.x509Authorities().isEmpty()) {
            return new Refused(
                    ReasonCode.BUNDLE_EMPTY, "the bundle of %s holds no authority".formatted(id.trustDomain()));
        }
        List<Path> paths = PathSearch.find(leaf, chain.subList(1, chain.size()), bundle.x509Authorities());
        Refused first = new Refused(
                ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                "no path to any of %d authorities of %s"
                        .formatted(bundle.x509Authorities().size(), id.trustDomain()));
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            Optional<Refused> refused = refusal(path, id.trustDomain(), now);
            if (refused.isEmpty()) {
                return new Verified(id, leaf, path.authority());
            }
            first = i == 0 ? refused.get() : first;
        }
        return first;
    }

    private Optional<Refused> refusal(Path path, TrustDomain trustDomain, Instant now)
            throws CertificateEncodingException {
        List<X509Certificate> certificates = path.certificates();
        for (X509Certificate certificate : certificates) {
            if (!AcceptedSignatures.acceptsThatOf(certificate)) {
                return Optional.of(new Refused(ReasonCode.CERTIFICATE_SIGNATURE_WEAK, certificate.getSigAlgName()));
            }
            if (isOdd(certificate.getSerialNumber())) {
                return Optional.of(new Refused(ReasonCode.CERTIFICATE_SERIAL, "a serial number that none may have"));
            }
        }
        for (X509Certificate signing : certificates.subList(1, certificates.size())) {
            Optional<Refused> refused = refusalOfSigning(signing, trustDomain, now);
            if (refused.isPresent()) {
                return refused;
            }
        }
        // RFC 5280 does not look into an anchor; an expired one, or one that may not sign, is refused here all the
        // same.
        Optional<Refused> refused = refusalOfSigning(path.authority(), trustDomain, now);
        if (refused.isPresent()) {
            return refused;
        }
        if (isTooLongFor(path)) {
            return refused(
                    ReasonCode.CERTIFICATE_PATH_TOO_LONG, "the path is longer than the authority's pathLenConstraint");
        }
        if (proven.contains(path)) {
            return Optional.empty();
        }
        Optional<Refused> invalid = refusalOfPath(path, now);
        if (invalid.isEmpty()) {
            proven.add(path);
        }
        return invalid;
    }

    private static boolean isOdd(BigInteger serial) {
        return serial.signum() <= 0 || serial.bitLength() > MAX_SERIAL_BITS;
    }

    private static Optional<Refused> refusalOfSigning(X509Certificate signing, TrustDomain trustDomain, Instant now) {
        if (now.isBefore(signing.getNotBefore().toInstant())) {
            return Optional.of(new Refused(
                    ReasonCode.CERTIFICATE_AUTHORITY_NOT_YET_VALID,
                    "a signing certificate is valid from "
                            + signing.getNotBefore().toInstant() + ", the clock says " + now));
        }
        if (now.isAfter(signing.getNotAfter().toInstant())) {
            return Optional.of(new Refused(
                    ReasonCode.CERTIFICATE_AUTHORITY_EXPIRED,
                    "a signing certificate was valid until "
                            + signing.getNotAfter().toInstant() + ", the clock says " + now));
        }
        return SigningCertificate.refusal(signing, trustDomain);
    }

    /** The JDK honours {@code pathLenConstraint} of intermediates, not of the anchor. */
    private static boolean isTooLongFor(Path path) {
        long counted = path.certificates().stream()
                .skip(1)
                .filter(certificate ->
                        !certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .count();
        return counted > path.authority().getBasicConstraints();
    }

    private Optional<Refused> refusalOfPath(Path path, Instant now) {
        try {
            X509Certificate authority = path.authority();
            List<X509Certificate> certificates = path.certificates();
            TrustAnchor anchor = new TrustAnchor(authority, null);
            if (authority.getExtensionValue(NAME_CONSTRAINTS) != null) {
                // The JDK ignores an anchor's constraints and refuses to be told them; it honours those of a
                // certificate
                // below the anchor. So the root is put below its own key; one that is not self-signed then fails.
                certificates = Stream.concat(certificates.stream(), Stream.of(authority))
                        .toList();
                anchor = new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null);
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            signatureProvider.ifPresent(parameters::setSigProvider);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(certificates), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return refused(
                    PathFailure.reasonOf(e),
                    "RFC 5280 path validation: %s at certificate %d".formatted(e.getReason(), e.getIndex()));
        } catch (GeneralSecurityException e) {
            return broken("RFC 5280 path validation: " + e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            // NullPointerException for a URI name constraint over a trust domain with an underscore, for one.
            return broken("RFC 5280 path validation: the JDK cannot judge this path ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private static Optional<Refused> broken(String detail) {
        return refused(ReasonCode.CERTIFICATE_CHAIN_BROKEN, detail);
    }

    private static Optional<Refused> refused(ReasonCode reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
