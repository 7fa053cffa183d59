/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StringMatchTest {

    @Test
    void readsTheFourForms() {
        assertThat(StringMatch.parse("*")).isEqualTo(new StringMatch.Presence());
        assertThat(StringMatch.parse("abc*")).isEqualTo(new StringMatch.Prefix("abc"));
        assertThat(StringMatch.parse("*abc")).isEqualTo(new StringMatch.Suffix("abc"));
        assertThat(StringMatch.parse("abc")).isEqualTo(new StringMatch.Exact("abc"));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("vector 18: a wildcard in the middle is refused, not matched as a letter")
    @ValueSource(strings = {"", "a*b", "*a*", "**", "a**", "*a*b"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> StringMatch.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void matchesWithCase() {
        assertThat(new StringMatch.Exact("abc").matches("abc")).isTrue();
        assertThat(new StringMatch.Exact("abc").matches("Abc")).isFalse();
        assertThat(new StringMatch.Exact("").matches("")).isFalse();
        assertThat(new StringMatch.Prefix("ab").matches("abc")).isTrue();
        assertThat(new StringMatch.Prefix("bc").matches("abc")).isFalse();
        assertThat(new StringMatch.Suffix("bc").matches("abc")).isTrue();
        assertThat(new StringMatch.Suffix("ab").matches("abc")).isFalse();
        assertThat(new StringMatch.Presence().matches("x")).isTrue();
        assertThat(new StringMatch.Presence().matches("")).isFalse();
    }

    @Test
    void policyNamesWithSlashesDoNotCollide() {
        assertThatThrownBy(() -> new PolicyName("a/b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PolicyName("", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PolicyName.parse("abc")).isInstanceOf(IllegalArgumentException.class);
        assertThat(PolicyName.parse("a/b")).isEqualTo(new PolicyName("a", "b")).hasToString("a/b");
    }
}
