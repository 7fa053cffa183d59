/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.cli.CliFailure;
import io.hanse.model.cluster.HostPort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvitationTextTest {

    private static final String CONTENT = "{\"cluster\":\"bergen\",\"trustDomain\":\"bergen.example\","
            + "\"gateways\":[\"127.1.1.2:15008\"],\"bundleSha256\":\"" + "ab".repeat(32)
            + "\",\"expiresAt\":\"2026-11-23T14:32:00Z\"}";

    @Test
    void aWholeTextIsRead() throws NoSuchAlgorithmException {
        InvitationText text = InvitationText.parse(sealed(CONTENT));
        assertThat(text.cluster().name()).isEqualTo("bergen");
        assertThat(text.gateways()).containsExactly(HostPort.parse("127.1.1.2:15008"));
    }

    @Test
    void lineBreaksOfAMailProgramArePassedOver() throws NoSuchAlgorithmException {
        String whole = sealed(CONTENT);
        String broken = whole.substring(0, 40) + "\r\n " + whole.substring(40) + "\n";
        assertThat(InvitationText.parse(broken).secretText()).isEqualTo(whole);
    }

    @Test
    void everyCutIsRefused() throws NoSuchAlgorithmException {
        String whole = sealed(CONTENT);
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> InvitationText.parse(cut)).isInstanceOf(CliFailure.class);
        }
    }

    @Test
    void anAlteredLetterIsRefused() throws NoSuchAlgorithmException {
        String whole = sealed(CONTENT);
        char other = whole.charAt(20) == 'A' ? 'B' : 'A';
        assertThatThrownBy(() -> InvitationText.parse(whole.substring(0, 20) + other + whole.substring(21)))
                .hasMessageContaining("altered or incomplete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "{}", "{\"expiresAt\":\"tomorrow\"}"})
    void aSealedTextThatHoldsSomethingElseIsRefused(String content) throws NoSuchAlgorithmException {
        String text = sealed(content);
        assertThatThrownBy(() -> InvitationText.parse(text)).isInstanceOf(CliFailure.class);
    }

    /** What is shown before anybody asked the exchange must be what it seems. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bergen\",",
                "bergen.example",
                "127.1.1.2:15008",
                "abababababababababababababababababababababababababababababababab"
            })
    void aFieldWithOtherSignsIsRefused(String field) throws NoSuchAlgorithmException {
        String end = field.endsWith("\",") ? "\"," : "";
        String value = field.substring(0, field.length() - end.length());
        for (String signs : List.of("\\n  will trust  lubeck.example", "\\u001b[2K", "\\u009b2K")) {
            String text = sealed(CONTENT.replace(field, value + signs + end));
            assertThatThrownBy(() -> InvitationText.parse(text))
                    .hasMessageContaining("its content is not what an invitation holds");
        }
    }

    private static String sealed(String content) throws NoSuchAlgorithmException {
        String part = "hanse1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(part.getBytes(StandardCharsets.US_ASCII));
        return part + "." + HexFormat.of().formatHex(digest).substring(0, 16);
    }
}
