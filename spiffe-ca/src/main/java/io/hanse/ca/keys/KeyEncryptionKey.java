/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key that seals the authorities' private keys on disk: AES-256-GCM, a fresh random nonce for each seal. It lives
 * outside the state directory, so that a copy of the state alone signs nothing.
 */
public final class KeyEncryptionKey {

    private static final String PREFIX = "hanse-kek1.";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 8;
    /** The file is one line of about 55 characters; anything longer is another file. */
    private static final int MAX_FILE_BYTES = 512;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final SecretKeySpec key;
    private final String id;
    private final SecureRandom random;
    private final String origin;

    private KeyEncryptionKey(byte[] bytes, SecureRandom random, String origin) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.random = random;
        this.origin = origin;
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("hanse-kek-id".getBytes(StandardCharsets.US_ASCII));
            this.id = HexFormat.of().formatHex(Arrays.copyOf(digest.digest(bytes), ID_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw CaException.cryptography("SHA-256", impossible);
        }
    }

    /**
     * Reads the key, or makes it when there is none and nothing was ever sealed.
     *
     * @param stateExists whether there is state that needs the key; then a missing file is an error, not a first start
     * @throws CaException if the file is missing, malformed, or open to other users
     */
    public static KeyEncryptionKey load(Path path, boolean stateExists, SecureRandom random) {
        Optional<byte[]> content = DurableFile.readIfPresent(path, MAX_FILE_BYTES);
        if (content.isPresent()) {
            checkMode(path);
            return new KeyEncryptionKey(parse(path, content.get()), random, path.toString());
        }
        if (stateExists) {
            throw broken(
                    "the key-encryption key is missing: " + path,
                    "put the file back from its backup; without it the authorities in the state directory are lost and "
                            + "the trust domain must start again with an empty state directory");
        }
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            PrivateDirectory.create(parent);
        }
        String line = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(fresh) + "\n";
        DurableFile.write(path, line.getBytes(StandardCharsets.US_ASCII));
        return new KeyEncryptionKey(fresh, random, path.toString());
    }

    private static byte[] parse(Path path, byte[] content) {
        String text = new String(content, StandardCharsets.US_ASCII).strip();
        if (text.startsWith(PREFIX)) {
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
                if (bytes.length == KEY_BYTES) {
                    return bytes;
                }
            } catch (IllegalArgumentException notBase64) {
                // Falls through to the one message for every malformed file.
            }
        }
        throw broken(
                "not a key-encryption key: " + path + " (expected: one line " + PREFIX + "<43 characters>)",
                "put the file back from its backup");
    }

    private static void checkMode(Path path) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            if (!OWNER_ONLY.containsAll(mode)) {
                throw broken("the key-encryption key can be read by other users: " + path, "chmod 600 " + path);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("mode of " + path, unreadable);
        }
    }

    /** A name for this key that says nothing about it: it tells which key sealed a state. */
    public String id() {
        return id;
    }

    /**
     * Checks that this is the key that sealed a state.
     *
     * @throws CaException naming both keys
     */
    public void mustBe(String sealedBy) {
        if (!id.equals(sealedBy)) {
            throw broken(
                    "the state was sealed with key " + sealedBy + ", but " + origin + " is key " + id,
                    "put back the key file that belongs to this state directory, or the state that belongs to this key");
        }
    }

    String seal(byte[] plain, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain);
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException refused) {
            throw CaException.cryptography("seal a key", refused);
        }
    }

    byte[] open(String sealed, String context) {
        try {
            byte[] all = Base64.getDecoder().decode(sealed);
            if (all.length <= NONCE_BYTES) {
                throw altered(null);
            }
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE_BYTES), context)
                    .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        } catch (AEADBadTagException | IllegalArgumentException notOurs) {
            throw altered(notOurs);
        } catch (GeneralSecurityException refused) {
            throw CaException.cryptography("open a sealed key", refused);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static CaException altered(@Nullable Exception cause) {
        String message = "a sealed key does not open: the state was altered or sealed with another key";
        String next = "restore the state directory and secrets/kek from the same backup";
        return cause == null
                ? new CaException(CaException.Code.KEY_ENCRYPTION_KEY, message, next)
                : new CaException(CaException.Code.KEY_ENCRYPTION_KEY, message, next, cause);
    }

    private static CaException broken(String message, String next) {
        return new CaException(CaException.Code.KEY_ENCRYPTION_KEY, message, next);
    }

    /** The key's name, never the key. */
    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + "]";
    }
}
