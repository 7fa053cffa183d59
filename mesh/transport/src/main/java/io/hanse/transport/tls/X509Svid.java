/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An identity that this process can prove: a chain and the leaf's private key. Not a record and without {@code
 * toString} content, because the key is a secret. Immutable.
 */
public final class X509Svid {

    /** GeneralName type of a URI (RFC 5280 4.2.1.6). */
    private static final int URI_NAME = 6;

    private final SpiffeId id;
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private X509Svid(SpiffeId id, List<X509Certificate> chain, PrivateKey key) {
        this.id = id;
        this.chain = chain;
        this.key = key;
    }

    /**
     * Joins a chain and its key.
     *
     * @param chain leaf first, then intermediates; without the root
     * @throws MalformedSvid if the leaf names no SPIFFE ID with a path (X509-SVID 2, 3.1) or the key is not the leaf's
     */
    public static X509Svid of(List<X509Certificate> chain, PrivateKey key) throws MalformedSvid {
        if (chain.isEmpty()) {
            throw new MalformedSvid("chain: empty (expected: the leaf, then intermediates)");
        }
        X509Certificate leaf = chain.getFirst();
        SpiffeId id = idOf(leaf);
        KeyPairs.requireMatch(leaf.getPublicKey(), key);
        return new X509Svid(id, List.copyOf(chain), key);
    }

    /**
     * Reads the file form: one PKCS#8 {@code PRIVATE KEY} block and the chain's {@code CERTIFICATE} blocks.
     *
     * @throws MalformedSvid if anything is missing or does not belong together
     */
    public static X509Svid ofPem(byte[] pem) throws MalformedSvid {
        Pem blocks = Pem.parse(pem);
        return of(blocks.certificates(), blocks.privateKey());
    }

    /** The file form, key included: for a 0600 file and nothing else. */
    public byte[] toPem() {
        return Pem.format(key, chain);
    }

    /** Whom the leaf names. */
    public SpiffeId id() {
        return id;
    }

    /** Leaf first, then intermediates. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The certificate of {@link #id()}. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The leaf's key. */
    public PrivateKey key() {
        return key;
    }

    /** When the first certificate of the chain came into force: the leaf's {@code notBefore}. */
    public Instant validFrom() {
        return leaf().getNotBefore().toInstant();
    }

    /** When the first certificate of the chain runs out. */
    public Instant expiresAt() {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }

    /**
     * The authority key identifiers of the chain, lower-case hex, the leaf's issuer first: what {@code
     * hanse.ca.v1.Authority.key_id} names. A certificate without one adds nothing.
     */
    public List<String> authorityKeyIds() {
        List<String> ids = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            KeyIds.authorityKeyId(certificate).ifPresent(ids::add);
        }
        return List.copyOf(ids);
    }

    /** Nothing that could end in a log by accident. */
    @Override
    public String toString() {
        return "X509Svid";
    }

    private static SpiffeId idOf(X509Certificate leaf) throws MalformedSvid {
        List<String> uris = new ArrayList<>();
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0) instanceof Integer type && type == URI_NAME) {
                    uris.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            throw new MalformedSvid("leaf: its names cannot be read", e);
        }
        if (uris.size() != 1) {
            throw new MalformedSvid("leaf: %d URI names (expected: 1, X509-SVID 2)".formatted(uris.size()));
        }
        try {
            SpiffeId id = SpiffeId.parse(uris.getFirst());
            if (id.isTrustDomainId()) {
                throw new MalformedSvid("leaf: names the trust domain itself (expected: a path, X509-SVID 3.1)");
            }
            return id;
        } catch (InvalidSpiffeId e) {
            throw new MalformedSvid("leaf: " + e.getMessage(), e);
        }
    }
}
