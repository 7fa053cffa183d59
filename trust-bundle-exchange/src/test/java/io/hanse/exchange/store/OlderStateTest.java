/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.files.StateException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Yesterday's exchange.json put back over today's. */
final class OlderStateTest {

    private static final TrustDomain OWN = new TrustDomain("own.example");
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    private Path directory;

    private final TestAuthority own = TestAuthority.of("own.example");
    private final TestAuthority peer = TestAuthority.of("peer.example");
    private String yesterday = "";

    private Path file() {
        return directory.resolve(StateStore.FILE_NAME);
    }

    private TrustBundle own(long sequence) {
        return own.bundle().withSequence(sequence);
    }

    private OpenInvitation invitation() {
        return new OpenInvitation(
                "00ff",
                Secret.random(new SecureRandom()),
                Optional.empty(),
                "f".repeat(64),
                NOW,
                NOW,
                Optional.empty());
    }

    /** Yesterday: connected, one invitation open, sequence 3. Today: disconnected, the invitation used, sequence 6. */
    @BeforeEach
    void live() throws IOException {
        StateStore store = Stores.open(directory, OWN);
        OpenInvitation open = invitation();
        store.change(state -> state.withOwn(own(3))
                .with(open)
                .connected(
                        new Relationship(
                                peer.trustDomain(),
                                Optional.empty(),
                                List.of(),
                                URI.create("https://peer.example/"),
                                new Profile.HttpsSpiffe(SpiffeId.parse("spiffe://peer.example/exchange")),
                                Relationship.State.ESTABLISHED,
                                NOW),
                        new PeerBundle(peer.bundle(), NOW)));
        yesterday = Files.readString(file());
        store.change(state -> state.without(peer.trustDomain()).withOwn(own(6)));
        store.change(state -> state.withInvitations(new java.util.TreeMap<>()));
    }

    private StateException refused() {
        try {
            Stores.open(directory, OWN);
        } catch (StateException refused) {
            return refused;
        }
        throw new AssertionError("older state was taken");
    }

    private void consent(StateException refused) throws IOException {
        Matcher command = Pattern.compile("echo (\\S+) > (\\S+),").matcher(refused.next());
        assertThat(command.find()).as(refused.next()).isTrue();
        Files.writeString(Path.of(command.group(2)), command.group(1) + "\n");
    }

    @Test
    void isRefusedAndLeftAloneAndTheMessageSaysWhatWouldBeLost() throws Exception {
        Files.writeString(file(), yesterday);
        StateException refused = refused();
        assertThat(refused)
                .hasMessageContaining("exchange.json 1, was 3")
                .hasMessageContaining("own bundle's sequence 3, was 6")
                .hasMessageContaining(directory.toString());
        assertThat(refused.next()).contains("trusted again", "invitations are void", "sequence jumps");
        assertThat(file()).hasContent(yesterday);
    }

    @Test
    void isRefusedEvenWhenTheBundleDidNotChangeSince() throws Exception {
        StateStore store = Stores.open(directory, OWN);
        String before = Files.readString(file());
        OpenInvitation open = invitation();
        store.change(state -> state.with(open));
        Files.writeString(file(), before);
        assertThat(refused()).hasMessageContaining("exchange.json");
    }

    @Test
    void stateThatIsGoneIsNoFirstStart() throws Exception {
        Files.delete(file());
        assertThat(refused()).hasMessageContaining("missing, was 3");
    }

    @Test
    void todaysStateIsTakenWithoutAWord() {
        assertThat(Stores.open(directory, OWN).current().own().orElseThrow().sequence())
                .hasValue(6);
    }

    @Test
    @DisplayName(
            "BND-4.1.1 accepted older state goes on beyond every sequence that was published, its invitations are void")
    void acceptedOlderStateGoesOnBeyondTheMark() throws Exception {
        Files.writeString(file(), yesterday);
        consent(refused());

        StateStore accepted = Stores.open(directory, OWN);

        assertThat(accepted.current().own().orElseThrow()).isEqualTo(own(7));
        assertThat(accepted.current().invitations()).isEmpty();
        assertThat(accepted.current().bundleMap().of(peer.trustDomain()))
                .as("trusted again, as the message said")
                .isPresent();
        assertThat(Stores.open(directory, OWN).current())
                .as("the next start asks nothing more")
                .isEqualTo(accepted.current());
        Files.writeString(file(), yesterday);
        assertThat(refused()).as("the consent was for once").hasMessageContaining("was 7");
    }

    @Test
    @DisplayName("BND-4.1.1 after lost state too, the next own bundle is numbered beyond what was published")
    void lostStateGoesOnBeyondTheMark() throws Exception {
        Files.delete(file());
        consent(refused());
        StateStore accepted = Stores.open(directory, OWN);
        assertThat(accepted.current().own()).isEmpty();
        assertThat(accepted.sequenceFloor()).isEqualTo(6);
    }

    @Test
    void whatTheMarkDoesNotKnowItCannotNotice() throws Exception {
        Files.writeString(file(), yesterday);
        Files.delete(directory.resolve("marks").resolve("trust-bundle-exchange.mark"));
        assertThat(Stores.open(directory, OWN).current().own().orElseThrow().sequence())
                .isEqualTo(OptionalLong.of(3));
    }

    @Test
    void aFailedStateWriteRaisesNoMark() throws Exception {
        StateStore store = Stores.open(directory, OWN);
        Path obstacle = directory.resolve("." + StateStore.FILE_NAME + ".tmp");
        Files.createDirectories(obstacle.resolve("full"));
        assertThatThrownBy(() -> store.change(state -> state.withOwn(own(9)))).isInstanceOf(StateException.class);
        assertThat(Stores.mark(directory).of("own bundle's sequence")).isEqualTo(6);
        assertThat(Stores.open(directory, OWN).current().own().orElseThrow()).isEqualTo(own(6));
    }
}
