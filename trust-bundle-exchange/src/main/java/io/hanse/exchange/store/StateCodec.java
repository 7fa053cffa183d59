/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.hanse.exchange.store.ExchangeException.Code;
import io.hanse.exchange.web.EndpointUrl;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.telemetry.LogKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ExchangeState} as the JSON of one file. Bundles are kept in their standard form. */
final class StateCodec {

    private static final int VERSION = 2;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** As {@link BundleJson} writes: the white space of the file is none of a bundle's bytes. */
    private static final ObjectWriter COMPACT = MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);

    private static final Logger LOG = LoggerFactory.getLogger(StateCodec.class);

    private final TrustDomain trustDomain;

    StateCodec(TrustDomain trustDomain) {
        this.trustDomain = trustDomain;
    }

    /**
     * What the file holds.
     *
     * @param revision grows by one with each change, over restarts too
     */
    record Stored(long revision, ExchangeState state) {}

    byte[] format(Stored stored) {
        ExchangeState state = stored.state();
        FileForm form = new FileForm(
                VERSION,
                trustDomain.name(),
                stored.revision(),
                state.own().map(StateCodec::tree),
                list(state.relationships(), RelationshipForm::of),
                list(state.bundles(), BundleForm::of),
                list(state.invitations(), InvitationForm::of),
                list(state.pending(), PendingForm::of),
                list(state.farewells(), FarewellForm::of),
                list(state.departures(), DepartureForm::of));
        try {
            return MAPPER.writeValueAsBytes(form);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the exchange's state has no JSON form", e);
        }
    }

    Stored parse(byte[] content, Path file) {
        try {
            FileForm form = MAPPER.readValue(content, FileForm.class);
            if (form == null) {
                throw unreadable(file, "null (expected: an object)", null);
            }
            if (form.version() != VERSION) {
                throw unreadable(file, "version %d (expected: %d)".formatted(form.version(), VERSION), null);
            }
            if (!form.trustDomain().equals(trustDomain.name())) {
                throw new ExchangeException(
                        Code.STATE_OF_ANOTHER_TRUST_DOMAIN,
                        "%s: state of trust domain %s (expected: %s)".formatted(file, form.trustDomain(), trustDomain),
                        "check trustDomain and stateDirectory in cluster.yaml");
            }
            ExchangeState state = new ExchangeState(
                    // An absent bundle is written as null, which Jackson reads back as a node.
                    form.own().filter(node -> !node.isNull()).map(node -> bundle(trustDomain, node)),
                    map(form.relationships(), RelationshipForm::value, Relationship::trustDomain),
                    map(form.bundles(), BundleForm::value, held -> held.bundle().trustDomain()),
                    map(form.invitations(), InvitationForm::value, OpenInvitation::id),
                    map(form.pending(), PendingForm::value, PendingAccept::trustDomain),
                    map(
                            form.farewells(),
                            FarewellForm::value,
                            farewell -> farewell.relationship().trustDomain()),
                    map(form.departures(), DepartureForm::value, Departure::trustDomain));
            return new Stored(form.revision(), state);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, "not the JSON this version writes", e);
        }
    }

    private static ExchangeException unreadable(
            Path file, String detail, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = "%s: %s".formatted(file, detail);
        String next = "restore the file from a backup; removing it ends all relationships of this cluster";
        return cause == null
                ? new ExchangeException(Code.STATE_UNREADABLE, message, next)
                : new ExchangeException(Code.STATE_UNREADABLE, message, next, cause);
    }

    private static <V, F> List<F> list(SortedMap<?, V> values, Function<V, F> form) {
        return values.values().stream().map(form).toList();
    }

    private static <F, K, V> SortedMap<K, V> map(List<F> forms, Function<F, V> value, Function<V, K> key) {
        SortedMap<K, V> map = new TreeMap<>();
        for (F form : forms) {
            if (form == null) {
                throw new IllegalArgumentException("null in a list");
            }
            try {
                V item = value.apply(form);
                map.put(key.apply(item), item);
            } catch (UnreadableBundle e) {
                // What one peer once served must not keep this cluster from starting; without it nobody is trusted
                // more.
                LOG.atError()
                        .addKeyValue(LogKeys.TRUST_DOMAIN, e.peer)
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .addKeyValue(LogKeys.NEXT, "if it is not fetched again: connect-clusters disconnect " + e.peer)
                        .log("a peer's bundle cannot be read back: the peer is not trusted until it is fetched again");
            }
        }
        return map;
    }

    private static JsonNode tree(TrustBundle bundle) {
        try {
            return MAPPER.readTree(BundleJson.format(bundle));
        } catch (IOException e) {
            throw new IllegalStateException("a bundle has no JSON form", e);
        }
    }

    private static TrustBundle bundle(TrustDomain domain, JsonNode node) {
        try {
            return BundleJson.parseWritten(domain, COMPACT.writeValueAsBytes(node));
        } catch (MalformedBundle | JsonProcessingException e) {
            throw new UnreadableBundle(domain, e);
        }
    }

    /** A bundle in the file that is none. */
    private static final class UnreadableBundle extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient TrustDomain peer;

        UnreadableBundle(TrustDomain peer, Exception cause) {
            super("bundle of %s: %s".formatted(peer, cause.getMessage()), cause);
            this.peer = peer;
        }
    }

    private record FileForm(
            int version,
            String trustDomain,
            long revision,
            Optional<JsonNode> own,
            List<RelationshipForm> relationships,
            List<BundleForm> bundles,
            List<InvitationForm> invitations,
            List<PendingForm> pending,
            List<FarewellForm> farewells,
            List<DepartureForm> departures) {}

    private record RelationshipForm(
            String trustDomain,
            Optional<String> cluster,
            List<String> gateways,
            String url,
            Optional<String> endpointSpiffeId,
            Optional<String> extraAuthorities,
            Relationship.State state,
            Instant since) {

        static RelationshipForm of(Relationship value) {
            Optional<String> endpointId = Optional.empty();
            Optional<String> extra = Optional.empty();
            switch (value.profile()) {
                case Profile.HttpsSpiffe spiffe ->
                    endpointId = Optional.of(spiffe.endpointId().toString());
                case Profile.HttpsWeb web -> extra = web.extraAuthorities().map(Path::toString);
            }
            return new RelationshipForm(
                    value.trustDomain().name(),
                    value.cluster().map(ClusterName::name),
                    value.gateways().stream().map(HostPort::toString).toList(),
                    value.url().toString(),
                    endpointId,
                    extra,
                    value.state(),
                    value.since());
        }

        Relationship value() {
            Profile profile = endpointSpiffeId
                    .<Profile>map(id -> new Profile.HttpsSpiffe(SpiffeId.parse(id)))
                    .orElseGet(() -> new Profile.HttpsWeb(extraAuthorities.map(Path::of)));
            return new Relationship(
                    new TrustDomain(trustDomain),
                    cluster.map(ClusterName::new),
                    gateways.stream().map(HostPort::parse).toList(),
                    EndpointUrl.parse(url),
                    profile,
                    state,
                    since);
        }
    }

    private record BundleForm(String trustDomain, JsonNode bundle, Instant fetchedAt) {

        static BundleForm of(PeerBundle held) {
            return new BundleForm(held.bundle().trustDomain().name(), tree(held.bundle()), held.fetchedAt());
        }

        PeerBundle value() {
            return new PeerBundle(StateCodec.bundle(new TrustDomain(trustDomain), bundle), fetchedAt);
        }
    }

    private record UseForm(String trustDomain, String cluster, Instant at, String bodySha256) {}

    private record InvitationForm(
            String id,
            String secret,
            Optional<String> intendedFor,
            String fingerprint,
            Instant madeAt,
            Instant expiresAt,
            Optional<UseForm> use) {

        static InvitationForm of(OpenInvitation value) {
            return new InvitationForm(
                    value.id(),
                    value.secret().reveal(),
                    value.intendedFor().map(ClusterName::name),
                    value.fingerprint(),
                    value.madeAt(),
                    value.expiresAt(),
                    value.use()
                            .map(use -> new UseForm(
                                    use.trustDomain().name(), use.cluster().name(), use.at(), use.bodySha256())));
        }

        OpenInvitation value() {
            return new OpenInvitation(
                    id,
                    Secret.parse(secret),
                    intendedFor.map(ClusterName::new),
                    fingerprint,
                    madeAt,
                    expiresAt,
                    use.map(form -> new OpenInvitation.Use(
                            new TrustDomain(form.trustDomain()),
                            new ClusterName(form.cluster()),
                            form.at(),
                            form.bodySha256())));
        }
    }

    private record PendingForm(String trustDomain, String invitationId, String body, String bundle, Instant at) {

        static PendingForm of(PendingAccept value) {
            return new PendingForm(
                    value.trustDomain().name(), value.invitationId(), value.body(), value.bundle(), value.at());
        }

        PendingAccept value() {
            return new PendingAccept(new TrustDomain(trustDomain), invitationId, body, bundle, at);
        }
    }

    private record FarewellForm(RelationshipForm relationship, BundleForm lastBundle, Instant until) {

        static FarewellForm of(Farewell value) {
            return new FarewellForm(
                    RelationshipForm.of(value.relationship()), BundleForm.of(value.lastBundle()), value.until());
        }

        Farewell value() {
            return new Farewell(relationship.value(), lastBundle.value(), until);
        }
    }

    private record DepartureForm(String trustDomain, String name, Departure.By by, Instant at, boolean confirmed) {

        static DepartureForm of(Departure value) {
            return new DepartureForm(
                    value.trustDomain().name(), value.name(), value.by(), value.at(), value.confirmed());
        }

        Departure value() {
            return new Departure(new TrustDomain(trustDomain), name, by, at, confirmed);
        }
    }
}
