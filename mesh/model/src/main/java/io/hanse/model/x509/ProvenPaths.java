/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.x509.PathSearch.Path;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Paths whose signatures were found good. A path is the same if every byte of its certificates and its authority is, so
 * its signatures are; whether it is trusted and valid now is asked anew each time by who asks here. A signature costs
 * SunEC a millisecond, and a peer shows the same SVID on each connection. Only what proved good is kept, so a stranger
 * puts nothing here. Any thread.
 */
final class ProvenPaths {

    /** Twice the workloads of the largest node; of each a SHA-256 is kept, for a parsed certificate takes ten kilobytes. */
    static final int MAX_PATHS = 512;

    private final Map<ByteBuffer, Boolean> proven = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > MAX_PATHS;
        }
    };

    boolean contains(Path path) throws CertificateEncodingException {
        ByteBuffer key = key(path);
        synchronized (proven) {
            return proven.get(key) != null;
        }
    }

    void add(Path path) throws CertificateEncodingException {
        ByteBuffer key = key(path);
        synchronized (proven) {
            proven.put(key, true);
        }
    }

    int size() {
        synchronized (proven) {
            return proven.size();
        }
    }

    /** DER says where each certificate ends, so no two paths are one sequence of bytes. */
    private static ByteBuffer key(Path path) throws CertificateEncodingException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate certificate : path.certificates()) {
                digest.update(certificate.getEncoded());
            }
            return ByteBuffer.wrap(digest.digest(path.authority().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }
}
