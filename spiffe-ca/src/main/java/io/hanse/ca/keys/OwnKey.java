/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import io.hanse.transport.tls.KeyPairs;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The key of this process's own SVID, which never touches the disk: the process issues itself a new one at each start. */
public final class OwnKey {

    private final KeyPair pair;

    private OwnKey(KeyPair pair) {
        this.pair = pair;
    }

    /** A fresh key. */
    public static OwnKey generate() {
        return new OwnKey(KeyPairs.generate());
    }

    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /** The SVID of a chain that was issued for this key. */
    public X509Svid svid(List<X509Certificate> chain) {
        try {
            return X509Svid.of(chain, pair.getPrivate());
        } catch (MalformedSvid impossible) {
            throw new CaException(
                    CaException.Code.INVARIANT,
                    "this authority issued itself an SVID it cannot use: " + impossible.getMessage(),
                    "report this as a bug",
                    impossible);
        }
    }
}
