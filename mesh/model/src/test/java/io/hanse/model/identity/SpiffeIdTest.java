/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpiffeIdTest {

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2 accepts scheme and authority, with or without a path")
    @ValueSource(strings = {"spiffe://td/a", "spiffe://td", "spiffe://td/a/b/c"})
    void acceptsWellFormed(String text) {
        assertThat(SpiffeId.parse(text)).hasToString(text);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2 refuses another scheme, an empty authority, a query, a fragment")
    @ValueSource(
            strings = {
                "",
                "td",
                "td/a",
                "https://td/a",
                "spiffe:///a",
                "spiffe://",
                "spiffe://td/a?q",
                "spiffe://td?q",
                "spiffe://td/a#f",
                "spiffe://td#f",
                "spiffe:/td",
                "spiffe:td",
                " spiffe://td/a",
                "spiffe://td/a "
            })
    void refusesMalformed(String text) {
        assertThatThrownBy(() -> SpiffeId.parse(text)).isInstanceOf(InvalidSpiffeId.class);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2.1a refuses userinfo and port")
    @ValueSource(strings = {"spiffe://u@td/a", "spiffe://u:p@td/a", "spiffe://td:443/a", "spiffe://td:/a"})
    void refusesUserinfoAndPort(String text) {
        assertThatThrownBy(() -> SpiffeId.parse(text)).isInstanceOf(InvalidSpiffeId.class);
    }

    @Test
    @DisplayName("ID-2.1b takes exactly a-z 0-9 . - _ of all byte values in a trust domain, upper case folded")
    void tellsTrustDomainBytesApart() {
        for (int b = 0; b < 256; b++) {
            char c = (char) b;
            String name = "a" + c + "b";
            boolean legal = "abcdefghijklmnopqrstuvwxyz0123456789.-_".indexOf(c) >= 0;
            boolean upper = c >= 'A' && c <= 'Z';
            if (legal || upper) {
                String folded = upper ? "a" + (char) (c + 32) + "b" : name;
                assertThat(new TrustDomain(name).name()).as("byte %d", b).isEqualTo(folded);
                assertThat(SpiffeId.parse("spiffe://" + name + "/p")
                                .trustDomain()
                                .name())
                        .as("byte %d", b)
                        .isEqualTo(folded);
            } else {
                assertThatThrownBy(() -> new TrustDomain(name)).as("byte %d", b).isInstanceOf(InvalidSpiffeId.class);
            }
        }
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2.1b refuses percent-encoding, IPv6 and letters beyond ASCII")
    @ValueSource(strings = {"%41", "[::1]", "é", "td\u0130", "\u212a", "a b", ""})
    void refusesTrustDomain(String name) {
        assertThatThrownBy(() -> new TrustDomain(name)).isInstanceOf(InvalidSpiffeId.class);
        assertThatThrownBy(() -> SpiffeId.parse("spiffe://" + name + "/p")).isInstanceOf(InvalidSpiffeId.class);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2.1c treats names that look like hosts or addresses like any other")
    @ValueSource(
            strings = {
                "my_td",
                "1.2.3.4",
                "10.0.0.1",
                "cluster.1",
                "-a-",
                "a..b",
                ".",
                "alice",
                "a_b",
                "localhost",
                "3f9aa6d2-62cb-4c0f-9f5c-5a3a1a3f2c10",
                "xn--bcher-kva"
            })
    void treatsAllNamesAlike(String name) {
        assertThat(SpiffeId.parse("spiffe://" + name + "/x")).hasToString("spiffe://" + name + "/x");
        assertThat(TrustDomain.parse("spiffe://" + name)).isEqualTo(new TrustDomain(name));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2.2 accepts dots inside segments")
    @ValueSource(strings = {"/.a", "/...", "/A-b_c.d", "/a..", "/0"})
    void acceptsPath(String path) {
        assertThat(SpiffeId.parse("spiffe://td" + path).path()).isEqualTo(path);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("ID-2.2 refuses empty, dot and encoded segments and a trailing slash")
    @ValueSource(
            strings = {
                "/", "//", "//a", "/a//b", "/a/", "/.", "/..", "/a/./b", "/a/../b", "/a/..", "/a%20b", "/a b", "/a%2fb",
                "/é", "/a:b", "/a~", "/a+b", "/\u0000", "/a\n"
            })
    void refusesPath(String path) {
        assertThatThrownBy(() -> SpiffeId.parse("spiffe://td" + path)).isInstanceOf(InvalidSpiffeId.class);
    }

    @Test
    @DisplayName("ID-2.2 takes exactly a-z A-Z 0-9 . - _ of all byte values in a segment")
    void tellsPathBytesApart() {
        String legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/";
        for (int b = 0; b < 256; b++) {
            String path = "/x" + (char) b + "y";
            if (legal.indexOf((char) b) >= 0) {
                assertThat(new SpiffeId(new TrustDomain("td"), path).path())
                        .as("byte %d", b)
                        .isEqualTo(path);
            } else {
                assertThatThrownBy(() -> new SpiffeId(new TrustDomain("td"), path))
                        .as("byte %d", b)
                        .isInstanceOf(InvalidSpiffeId.class);
            }
        }
    }

    @Test
    @DisplayName("ID-2.3a accepts 2048 bytes and a trust domain of 255")
    void acceptsLongest() {
        String prefix = "spiffe://td/";
        String longest = prefix + "a".repeat(SpiffeId.MAX_BYTES - prefix.length());
        assertThat(SpiffeId.parse(longest).toString().getBytes(StandardCharsets.UTF_8))
                .hasSize(2048);
        assertThat(new TrustDomain("a".repeat(255)).name()).hasSize(255);
    }

    @Test
    @DisplayName("ID-2.3b refuses 2049 bytes and a trust domain of 256")
    void refusesTooLong() {
        String prefix = "spiffe://td/";
        String tooLong = prefix + "a".repeat(SpiffeId.MAX_BYTES - prefix.length() + 1);
        assertThatThrownBy(() -> SpiffeId.parse(tooLong)).isInstanceOf(InvalidSpiffeId.class);
        assertThatThrownBy(() -> new SpiffeId(new TrustDomain("td"), tooLong.substring(prefix.length() - 1)))
                .isInstanceOf(InvalidSpiffeId.class);
        assertThatThrownBy(() -> new TrustDomain("a".repeat(256))).isInstanceOf(InvalidSpiffeId.class);
    }

    @Test
    @DisplayName("ID-2.4 compares scheme and trust domain without case, the path with it")
    void comparesCase() {
        assertThat(SpiffeId.parse("SPIFFE://TD/a")).isEqualTo(SpiffeId.parse("spiffe://td/a"));
        assertThat(SpiffeId.parse("spiffe://td/A")).isNotEqualTo(SpiffeId.parse("spiffe://td/a"));
    }

    @Test
    @DisplayName("ID-3.1a the trust domain's own ID has no path and no trailing slash")
    void namesTheTrustDomain() {
        assertThat(new TrustDomain("td").id()).hasToString("spiffe://td");
        assertThat(new TrustDomain("td").id().isTrustDomainId()).isTrue();
        assertThat(SpiffeId.parse("spiffe://td/a").isTrustDomainId()).isFalse();
    }

    @Test
    void showsNoControlCharactersOfWhatItRefuses() {
        assertThatThrownBy(() -> SpiffeId.parse("spiffe://td/\u001b[31m" + "x".repeat(500)))
                .hasMessageNotContaining("\u001b")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
}
