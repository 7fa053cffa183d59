/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SpiffeTrustManager;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;

/**
 * Fetches the bundle of a relationship by its profile, and by no other. An https_spiffe endpoint is verified with the
 * newest bundle of the endpoint's own trust domain (Federation 5.2.2.4), read at each handshake.
 *
 * <p>Blocking; virtual threads.
 */
public final class BundleFetcher {

    /** For one fetch with all its redirects and gateways. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private final Doorway doorway;
    private final SvidVerifier verifier;
    private final BundleSource bundles;
    private final Duration limit;
    private final Optional<Path> webAuthorities;

    /**
     * A fetcher whose https_web endpoints are verified with the authorities of this Java runtime.
     *
     * @param bundles what endpoints are verified with
     * @param limit for one fetch, usually {@link #LIMIT}
     */
    public BundleFetcher(Doorway doorway, SvidVerifier verifier, BundleSource bundles, Duration limit) {
        this(doorway, verifier, bundles, limit, Optional.empty());
    }

    private BundleFetcher(
            Doorway doorway,
            SvidVerifier verifier,
            BundleSource bundles,
            Duration limit,
            Optional<Path> webAuthorities) {
        this.doorway = doorway;
        this.verifier = verifier;
        this.bundles = bundles;
        this.limit = limit;
        this.webAuthorities = webAuthorities;
    }

    /**
     * The same, with https_web endpoints verified with other authorities.
     *
     * @param file PEM, in place of the Java runtime's authorities; empty: those
     * @throws ExchangeException {@code CERTIFICATE_UNREADABLE} if it cannot be used now
     */
    public BundleFetcher believing(Optional<Path> file) {
        if (WebTrust.of(file, Optional.empty()) instanceof WebTrust.Unreadable unreadable) {
            throw new ExchangeException(
                    ExchangeException.Code.CERTIFICATE_UNREADABLE,
                    unreadable.detail(),
                    "correct webAuthorities in the section trust-bundle-exchange");
        }
        return new BundleFetcher(doorway, verifier, bundles, limit, file);
    }

    /** Asks the endpoint once. */
    public FetchOutcome fetch(Relationship relationship) {
        return switch (relationship.profile()) {
            case Profile.HttpsSpiffe spiffe ->
                follow(
                        relationship,
                        new SpiffeTrustManager(verifier, bundles, PeerCheck.exactly(spiffe.endpointId())),
                        false);
            case Profile.HttpsWeb web ->
                switch (WebTrust.of(webAuthorities, web.extraAuthorities())) {
                    case WebTrust.Ready ready -> follow(relationship, ready.manager(), true);
                    case WebTrust.Unreadable unreadable ->
                        new FetchOutcome.Failed(ReasonCode.CERTIFICATE_MALFORMED, unreadable.detail());
                };
        };
    }

    private FetchOutcome follow(Relationship relationship, X509TrustManager trust, boolean verifyHost) {
        Doorway.Deadline deadline = doorway.deadline(limit);
        URI at = relationship.url();
        for (int hop = 1; ; hop++) {
            HttpsCall call = HttpsCall.get(at, trust, verifyHost, limit);
            boolean throughGateways = Relationship.GATEWAY_NAME.equals(at.getHost());
            HttpsAnswer answer = throughGateways
                    ? doorway.throughAny(relationship.gateways(), call, deadline)
                    : doorway.direct(call, deadline);
            switch (answer) {
                case HttpsAnswer.Failed failed -> {
                    return new FetchOutcome.Failed(failed.reason(), explain(relationship, failed));
                }
                case HttpsAnswer.Answered answered -> {
                    if (!Redirects.isRedirect(answered.status())) {
                        return parse(relationship, answered);
                    }
                    try {
                        at = Redirects.target(at, answered.location(), hop);
                    } catch (IllegalArgumentException e) {
                        return new FetchOutcome.Failed(
                                ReasonCode.ENDPOINT_REDIRECTED, "its endpoint " + String.valueOf(e.getMessage()));
                    }
                }
            }
        }
    }

    private static FetchOutcome parse(Relationship relationship, HttpsAnswer.Answered answered) {
        if (!answered.isOk()) {
            return new FetchOutcome.Failed(
                    ReasonCode.PROTOCOL_ERROR,
                    "its endpoint answered %d in place of a bundle".formatted(answered.status()));
        }
        try {
            return new FetchOutcome.Fetched(PeerDocument.read(relationship.trustDomain(), answered.body()));
        } catch (UnusableBundle e) {
            return new FetchOutcome.Failed(
                    e.reason(), "its endpoint served what is no bundle of its: " + e.getMessage());
        }
    }

    private static String explain(Relationship relationship, HttpsAnswer.Failed failed) {
        boolean chain = failed.reason() == ReasonCode.CERTIFICATE_CHAIN_BROKEN
                || failed.reason() == ReasonCode.BUNDLE_EMPTY
                || failed.reason() == ReasonCode.TRUST_DOMAIN_UNKNOWN;
        if (chain && relationship.profile() instanceof Profile.HttpsSpiffe) {
            return "%s; if it replaced its roots while unreachable, it must be introduced again: disconnect, then a new invitation"
                    .formatted(failed.detail());
        }
        return switch (failed.stage()) {
            case CONNECT -> "%s cannot be reached: %s".formatted(where(relationship), failed.detail());
            case VERIFY, SENT -> "%s: %s".formatted(where(relationship), failed.detail());
        };
    }

    private static String where(Relationship relationship) {
        Optional<HostPort> first = relationship.gateways().stream().findFirst();
        return relationship.isThroughGateways() && first.isPresent()
                ? "gateway " + first.get()
                : relationship.url().toString();
    }
}
