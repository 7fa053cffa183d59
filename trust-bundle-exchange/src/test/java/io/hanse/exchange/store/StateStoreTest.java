/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateStoreTest {

    private static final TrustDomain OWN = new TrustDomain("own.example");
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    private Path directory;

    private final TestAuthority own = TestAuthority.of("own.example");
    private final TestAuthority peer = TestAuthority.of("peer.example");

    private Path file() {
        return directory.resolve(StateStore.FILE_NAME);
    }

    private Relationship relationship(Profile profile) {
        return new Relationship(
                peer.trustDomain(),
                Optional.empty(),
                List.of(),
                URI.create("https://peer.example/bundle?x=1"),
                profile,
                Relationship.State.ESTABLISHED,
                NOW);
    }

    private Profile spiffe() {
        return new Profile.HttpsSpiffe(SpiffeId.parse("spiffe://peer.example/spire/server"));
    }

    @Test
    void readsBackWhatItWrote() {
        StateStore store = Stores.open(directory, OWN);
        store.change(state -> state.withOwn(own.bundle())
                .with(relationship(new Profile.HttpsWeb(Optional.of(Path.of("/etc/ca.pem")))))
                .with(new PeerBundle(peer.bundle(), NOW))
                .with(new Departure(new TrustDomain("gone.example"), "gone", Departure.By.PEER, NOW, true)));
        assertThat(Stores.open(directory, OWN).current()).isEqualTo(store.current());
    }

    @Test
    void readsBackAPeerThatCameBeforeTheOwnBundle() {
        StateStore store = Stores.open(directory, OWN);
        store.change(state -> state.with(relationship(spiffe())));
        assertThat(Stores.open(directory, OWN).current()).isEqualTo(store.current());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws Exception {
        Stores.open(directory, OWN).change(state -> state.withOwn(own.bundle()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"version\":2",
                "not json",
                "{\"version\":2,\"revision\":1,\"trustDomain\":\"own.example\",\"own\":null,\"relationships\":[null],\"bundles\":[],"
                        + "\"invitations\":[],\"pending\":[],\"farewells\":[],\"departures\":[]}",
                "{\"version\":2,\"revision\":1,\"trustDomain\":\"own.example\",\"own\":{\"keys\":7},\"relationships\":[],\"bundles\":[],"
                        + "\"invitations\":[],\"pending\":[],\"farewells\":[],\"departures\":[]}",
                "{\"version\":3,\"revision\":1,\"trustDomain\":\"own.example\",\"own\":null,\"relationships\":[],\"bundles\":[],"
                        + "\"invitations\":[],\"pending\":[],\"farewells\":[],\"departures\":[]}"
            })
    void refusesACorruptFileNamesItAndLeavesItAlone(String content) throws Exception {
        Files.writeString(file(), content);
        assertThatThrownBy(() -> Stores.open(directory, OWN)).isInstanceOfSatisfying(ExchangeException.class, e -> {
            assertThat(e.code()).isEqualTo(ExchangeException.Code.STATE_UNREADABLE);
            assertThat(e.getMessage()).contains(StateStore.FILE_NAME);
            assertThat(e.next()).contains("backup");
        });
        assertThat(file()).hasContent(content);
    }

    @Test
    void refusesAFileCutAnywhere() throws Exception {
        Stores.open(directory, OWN).change(state -> state.withOwn(own.bundle()));
        String whole = Files.readString(file());
        for (int length = 0; length < whole.length() - 1; length += 37) {
            Files.writeString(file(), whole.substring(0, length));
            assertThatThrownBy(() -> Stores.open(directory, OWN)).isInstanceOf(ExchangeException.class);
        }
    }

    @Test
    void refusesTheStateOfAnotherTrustDomain() {
        Stores.open(directory, OWN).change(state -> state.withOwn(own.bundle()));
        assertThatThrownBy(() -> Stores.open(directory, new TrustDomain("other.example")))
                .isInstanceOfSatisfying(ExchangeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ExchangeException.Code.STATE_OF_ANOTHER_TRUST_DOMAIN);
                    assertThat(e.getMessage()).contains("own.example", "other.example");
                });
    }

    @Test
    void aFailedWriteChangesNothingAndTellsNobody() throws Exception {
        StateStore store = Stores.open(directory, OWN);
        store.change(state -> state.withOwn(own.bundle()));
        ExchangeState before = store.current();
        AtomicInteger told = new AtomicInteger();
        store.onChange(told::incrementAndGet);
        // A directory that is not empty stands where the temporary file goes: fails for root too.
        Path obstacle = directory.resolve("." + StateStore.FILE_NAME + ".tmp");
        Files.createDirectories(obstacle.resolve("full"));

        assertThatThrownBy(() -> store.change(state -> state.with(relationship(spiffe()))))
                .hasMessageContaining(StateStore.FILE_NAME);

        assertThat(store.current()).isSameAs(before);
        assertThat(told).hasValue(0);
        assertThat(Stores.open(directory, OWN).current()).isEqualTo(before);
        Files.delete(obstacle.resolve("full"));
        store.change(state -> state.with(relationship(spiffe())));
        assertThat(told).hasValue(1);
    }

    private TrustBundle withKeyIds(int count, String keyId) {
        List<JwtAuthority> keys = IntStream.range(0, count)
                .mapToObj(i -> new JwtAuthority(
                        i + keyId, peer.bundle().jwtAuthorities().getFirst().key()))
                .toList();
        return new TrustBundle(
                peer.trustDomain(),
                peer.bundle().x509Authorities(),
                keys,
                OptionalLong.of(1),
                Optional.of(Duration.ofMinutes(5)));
    }

    @Test
    void startsWithABundleThatIsLongerInTheFileThanAnyThatIsFetched() {
        List<TrustBundle> large =
                List.of(withKeyIds(17, "k".repeat(61_480)), withKeyIds(9, "\uD83D\uDD11".repeat(28_000)));
        for (TrustBundle bundle : large) {
            StateStore store = Stores.open(directory, OWN);
            store.change(state ->
                    state.withOwn(own.bundle()).with(relationship(spiffe())).with(new PeerBundle(bundle, NOW)));
            assertThat(Stores.open(directory, OWN).current()).isEqualTo(store.current());
        }
    }

    @Test
    void startsWithoutTheOneBundleOfAPeerThatCannotBeReadBack() throws Exception {
        TestAuthority other = TestAuthority.of("other.example");
        Stores.open(directory, OWN)
                .change(state -> state.withOwn(own.bundle())
                        .with(relationship(spiffe()))
                        .with(new PeerBundle(peer.bundle(), NOW))
                        .with(new PeerBundle(other.bundle(), NOW)));
        JsonMapper mapper = new JsonMapper();
        JsonNode json = mapper.readTree(file().toFile());
        for (JsonNode held : json.get("bundles")) {
            if (held.get("trustDomain").asText().equals("peer.example")) {
                ((ObjectNode) held).putObject("bundle").put("keys", 7);
            }
        }
        mapper.writeValue(file().toFile(), json);

        ExchangeState read = Stores.open(directory, OWN).current();

        assertThat(read.bundles()).containsOnlyKeys(other.trustDomain());
        assertThat(read.relationships()).containsOnlyKeys(peer.trustDomain());
        assertThat(read.bundleMap().bundles()).as("fails closed").containsOnlyKeys(OWN);
    }

    @Test
    void aPendingRelationshipTrustsNobody() {
        TrustBundle bundle = peer.bundle();
        ExchangeState state = ExchangeState.empty()
                .with(relationship(spiffe()).to(Relationship.State.PENDING, NOW))
                .with(new PeerBundle(bundle, NOW));
        assertThat(state.bundleMap().of(peer.trustDomain())).isEmpty();
    }
}
