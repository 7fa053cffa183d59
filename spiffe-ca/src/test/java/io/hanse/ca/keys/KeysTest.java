/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KeysTest {

    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void bothLibrariesMakeSignAndVerifyEachOthersKeys(KeyKind kind) {
        CryptoProvider first = CryptoProvider.choose();
        CryptoProvider second = CryptoProvider.fallback();
        assertThat(first.name()).isNotEqualTo(second.name());
        for (CryptoProvider maker : List.of(first, second)) {
            SigningKey key = SigningKey.generate(kind, maker);
            byte[] signature = key.sign(CONTENT);
            for (CryptoProvider judge : List.of(first, second)) {
                assertThat(judge.verifies(kind.signatureAlgorithm(), key.publicKey(), CONTENT, signature))
                        .isTrue();
                assertThat(judge.verifies(kind.signatureAlgorithm(), key.publicKey(), new byte[7], signature))
                        .isFalse();
            }
        }
    }

    @Test
    void manyThreadsSignWithOneKey() throws Exception {
        CryptoProvider crypto = CryptoProvider.choose();
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, crypto);
        ConcurrentLinkedQueue<Boolean> results = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] content = ("content " + i).getBytes(StandardCharsets.US_ASCII);
            threads.add(Thread.startVirtualThread(() -> results.add(
                    crypto.verifies(key.kind().signatureAlgorithm(), key.publicKey(), content, key.sign(content)))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(results).hasSize(100).containsOnly(true);
    }

    @Test
    void whatIsSealedOpensWithTheSameKeyAndContextOnly() {
        KeyEncryptionKey kek = KeyEncryptionKey.load(kekFile(), false, random);
        String sealed = kek.seal(CONTENT, "here");
        assertThat(kek.open(sealed, "here")).isEqualTo(CONTENT);
        assertThat(kek.seal(CONTENT, "here")).isNotEqualTo(sealed);
        assertThatThrownBy(() -> kek.open(sealed, "there")).isInstanceOf(CaException.class);
        assertThatThrownBy(() -> kek.open("AAAA", "here")).isInstanceOf(CaException.class);
        assertThatThrownBy(() -> kek.open("%%%", "here")).isInstanceOf(CaException.class);
        KeyEncryptionKey other = KeyEncryptionKey.load(directory.resolve("other"), false, random);
        assertThatThrownBy(() -> other.open(sealed, "here")).isInstanceOf(CaException.class);
    }

    @Test
    void theKeyFileIsForItsOwnerOnlyAndReadAgain() throws Exception {
        KeyEncryptionKey made = KeyEncryptionKey.load(kekFile(), false, random);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kekFile())))
                .isEqualTo("rw-------");
        assertThat(KeyEncryptionKey.load(kekFile(), true, random).id()).isEqualTo(made.id());
    }

    @Test
    void aKeyFileThatOthersCanReadIsRefusedWithTheCommand() throws Exception {
        KeyEncryptionKey.load(kekFile(), false, random);
        Files.setPosixFilePermissions(kekFile(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> KeyEncryptionKey.load(kekFile(), true, random))
                .isInstanceOfSatisfying(CaException.class, broken -> {
                    assertThat(broken.code()).isEqualTo(CaException.Code.KEY_ENCRYPTION_KEY);
                    assertThat(broken.next()).isEqualTo("chmod 600 " + kekFile());
                });
    }

    @Test
    void aMalformedKeyFileIsRefused() throws Exception {
        KeyEncryptionKey.load(kekFile(), false, random);
        for (String wrong : List.of("", "hanse-kek1.", "hanse-kek1.AAAA", "something else")) {
            Files.writeString(kekFile(), wrong);
            assertThatThrownBy(() -> KeyEncryptionKey.load(kekFile(), true, random))
                    .hasMessageContaining("not a key-encryption key");
        }
    }

    @Test
    void secretsShowNothing() {
        KeyEncryptionKey kek = KeyEncryptionKey.load(kekFile(), false, random);
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, CryptoProvider.choose());
        assertThat(kek.toString()).isEqualTo("KeyEncryptionKey[" + kek.id() + "]");
        assertThat(key.toString()).isEqualTo("SigningKey[" + key.keyId() + "]");
    }

    private Path kekFile() {
        return directory.resolve("secrets").resolve("kek");
    }
}
