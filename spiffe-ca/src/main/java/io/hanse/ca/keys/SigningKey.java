/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * A private key of an authority, which can sign and can be sealed, and does not leave this object otherwise.
 *
 * <p>Any thread: a {@link Signature} is not thread-safe, so each one is lent to one caller at a time; that also holds on
 * virtual threads, where one per thread would mean one per call.
 */
public final class SigningKey {

    /** Signatures kept for reuse, per key: more callers than this at once make their own. */
    private static final int MAX_IDLE_SIGNATURES = 16;

    /** RFC 7093 2 (1): the leftmost 160 bits of a SHA-256. */
    private static final int KEY_ID_BYTES = 20;

    private final KeyKind kind;
    private final CryptoProvider crypto;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final String keyId;
    private final BlockingQueue<Signature> idle = new ArrayBlockingQueue<>(MAX_IDLE_SIGNATURES);

    private SigningKey(KeyKind kind, CryptoProvider crypto, PrivateKey privateKey, PublicKey publicKey) {
        this.kind = kind;
        this.crypto = crypto;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.keyId = HexFormat.of().formatHex(keyIdOf(publicKey));
    }

    /** Makes a fresh key. */
    public static SigningKey generate(KeyKind kind, CryptoProvider crypto) {
        try {
            KeyPair pair = kind.generate(crypto.provider());
            return new SigningKey(kind, crypto, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException refused) {
            throw CaException.cryptography("generate " + kind.text(), refused);
        }
    }

    /** The subject key identifier of a public key (RFC 7093 2, method 1). */
    public static byte[] keyIdOf(PublicKey key) {
        try {
            byte[] bits = SubjectPublicKeyInfo.getInstance(key.getEncoded())
                    .getPublicKeyData()
                    .getBytes();
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bits), KEY_ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw CaException.cryptography("SHA-256", impossible);
        }
    }

    /** Lower-case hex of the subject key identifier; also the {@code kid} of tokens. */
    public String keyId() {
        return keyId;
    }

    public KeyKind kind() {
        return kind;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    /** Signs with {@link KeyKind#signatureAlgorithm()}; ECDSA signatures are in DER. */
    public byte[] sign(byte[] content) {
        try {
            @Nullable Signature lent = idle.poll();
            Signature signature = lent == null ? fresh() : lent;
            signature.update(content);
            byte[] signed = signature.sign();
            // Not returned after a failure: its inner state is then unknown.
            boolean kept = idle.offer(signature);
            assert kept || idle.remainingCapacity() == 0;
            return signed;
        } catch (GeneralSecurityException refused) {
            throw CaException.cryptography("sign with " + kind.text(), refused);
        }
    }

    private Signature fresh() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(kind.signatureAlgorithm(), crypto.provider());
        signature.initSign(privateKey);
        return signature;
    }

    /**
     * The private key sealed for the disk.
     *
     * @param context what the sealed text belongs to; unsealing demands the same
     */
    public String seal(KeyEncryptionKey with, String context) {
        byte[] plain = privateKey.getEncoded();
        try {
            return with.seal(plain, context);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * Opens what {@link #seal} made and checks that it belongs to the public key.
     *
     * @throws CaException if the key-encryption key or the context is another one, or the text was altered
     */
    public static SigningKey unseal(
            String sealed,
            String context,
            KeyKind kind,
            byte[] publicKeyInfo,
            KeyEncryptionKey with,
            CryptoProvider crypto) {
        byte[] plain = with.open(sealed, context);
        try {
            KeyFactory factory = KeyFactory.getInstance(kind.algorithm(), crypto.provider());
            SigningKey key = new SigningKey(
                    kind,
                    crypto,
                    factory.generatePrivate(new PKCS8EncodedKeySpec(plain)),
                    crypto.publicKey(kind.algorithm(), publicKeyInfo));
            byte[] probe = {1};
            if (!crypto.verifies(kind.signatureAlgorithm(), key.publicKey, probe, key.sign(probe))) {
                throw new CaException(
                        CaException.Code.STATE,
                        "the stored private key does not belong to its public key: " + key.keyId,
                        "restore the state directory from a backup");
            }
            return key;
        } catch (GeneralSecurityException refused) {
            throw CaException.cryptography("read a stored " + kind.text() + " key", refused);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** The key ID alone. */
    @Override
    public String toString() {
        return "SigningKey[" + keyId + "]";
    }
}
