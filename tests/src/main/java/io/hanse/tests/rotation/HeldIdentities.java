/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.directory.Role;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Cluster;
import io.hanse.transport.hbone.ClientSvids;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The SVIDs that a cluster's node proxy holds, and the bundles of its exchange, followed by reading their files and asking
 * again: the tests own all of it. Any thread.
 */
final class HeldIdentities implements ClientSvids, AutoCloseable {

    /** An SVID of ten seconds is renewed at five; this is soon enough. */
    private static final Duration BETWEEN = Duration.ofMillis(150);

    private final Cluster cluster;
    private final List<TrustDomain> domains;
    private final BundleCell bundles = new BundleCell();
    private final Map<Path, byte[]> read = new HashMap<>();
    private final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Future<Boolean> following;

    HeldIdentities(Cluster cluster, List<Cluster> known) {
        this.cluster = cluster;
        this.domains =
                known.stream().map(one -> TrustDomain.parse(one.trustDomain())).toList();
        follow();
        this.following = Await.beside("identities of " + cluster, () -> {
            while (!ending.get()) {
                Await.pass(BETWEEN);
                follow();
            }
            return true;
        });
    }

    BundleCell bundles() {
        return bundles;
    }

    @Override
    public Optional<X509Svid> of(SpiffeId client) {
        return Optional.ofNullable(svids.get(client));
    }

    private void follow() {
        BundleMap next = bundles.current();
        for (TrustDomain domain : domains) {
            JsonNode json = cluster.bundle(domain.name());
            try {
                if (!json.isMissingNode()) {
                    next = next.with(BundleJson.parse(domain, json.toString().getBytes(StandardCharsets.UTF_8)));
                }
            } catch (MalformedBundle e) {
                throw new IllegalStateException("the exchange gives a bundle that cannot be read", e);
            }
        }
        if (!next.equals(bundles.current())) {
            bundles.publish(next);
        }
        files().forEach(this::readAgain);
    }

    private List<Path> files() {
        Path state = cluster.process(Role.NODE_PROXY)
                .ownSvid(Role.NODE_PROXY)
                .toAbsolutePath()
                .resolveSibling("");
        List<Path> files = new ArrayList<>(List.of(state.resolve("own-svid.pem")));
        try (Stream<Path> workloads = Files.list(state.resolve("svids"))) {
            files.addAll(
                    workloads.filter(file -> file.toString().endsWith(".pem")).toList());
        } catch (IOException e) {
            // The proxy holds no workload's SVID yet.
        }
        return files;
    }

    private void readAgain(Path file) {
        try {
            byte[] pem = Files.readAllBytes(file);
            if (java.util.Arrays.equals(pem, read.put(file, pem))) {
                return; // the same object goes on, since TLS contexts are kept by it
            }
            X509Svid svid = X509Svid.ofPem(pem);
            svids.put(svid.id(), svid);
        } catch (IOException | MalformedSvid e) {
            // Renamed away this moment; the next reading finds the new one.
        }
    }

    @Override
    public void close() {
        ending.set(true);
        Await.join(following);
    }
}
