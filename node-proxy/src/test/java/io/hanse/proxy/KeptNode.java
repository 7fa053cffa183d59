/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.proxy.identity.WorkloadSvids;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.runtime.trust.BundleMessages;
import io.hanse.runtime.xds.AuthorizationCodec;
import io.hanse.runtime.xds.WdsCodec;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.exchange.Relationship;
import io.hanse.wire.exchange.WatchResponse;
import io.hanse.wire.xds.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A whole node proxy, as its process wires it, that finds on disk what it knew when it ran before, and nobody to ask. */
final class KeptNode implements AutoCloseable {

    final ControlApi control = new ControlApi();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Readiness readiness = new Readiness(InstantSource.system());
    final Path state;

    private final Path folder;
    private final String node;
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Vertx vertx = Vertx.vertx();
    private Optional<RunningProcess> process = Optional.empty();

    /**
     * A node that has not run yet.
     *
     * @param folder of the cluster; its cluster.yaml is there
     */
    KeptNode(Path folder, String node) {
        this.folder = folder;
        this.node = node;
        this.state = folder.resolve("state/node-proxy-" + node);
    }

    /** Leaves behind what a proxy keeps, in the form it keeps it. */
    void ranBefore(TestAuthority authority, BundleMap bundles, CatalogImage image) throws Exception {
        SealedFile.write(state.resolve("catalog.bin"), catalog(image));
        ByteArrayOutputStream trust = new ByteArrayOutputStream();
        BundleMessages.x509(bundles).writeDelimitedTo(trust);
        BundleMessages.jwt(bundles).writeDelimitedTo(trust);
        SealedFile.write(state.resolve("bundles.bin"), trust.toByteArray());
        SealedFile.write(
                state.resolve("relationships.bin"),
                WatchResponse.newBuilder()
                        .addRelationships(Relationship.newBuilder()
                                .setTrustDomain(Nouns.BERGEN.name())
                                .setCluster("bergen")
                                .addGateways("127.0.33.8:1"))
                        .build()
                        .toByteArray());
        DurableFile.write(
                state.resolve("own-svid.pem"),
                svid(authority, SystemIdentity.node(Nouns.LUBECK, node)).toPem());
        keepSvids(authority, image);
    }

    private void keepSvids(TestAuthority authority, CatalogImage image) throws Exception {
        List<SpiffeId> ids =
                image.onNode(node).stream().map(Workload::spiffeId).distinct().toList();
        try (WorkloadSvids svids = new WorkloadSvids(
                id -> svid(authority, id),
                state.resolve("svids"),
                scheduler,
                InstantSource.system(),
                new Readiness(InstantSource.system()).task("workload certificates"))) {
            svids.publish(ids);
            Until.holds(() -> ids.stream().allMatch(id -> svids.of(id).isPresent()));
        }
    }

    private static byte[] catalog(CatalogImage image) throws IOException {
        WdsCodec codec = new WdsCodec("lubeck");
        List<Resource> resources = new ArrayList<>();
        image.services().values().forEach(service -> resources.add(codec.encode(service)));
        image.workloads().values().forEach(workload -> resources.add(codec.encode(workload)));
        image.policies().values().forEach(policy -> resources.add(AuthorizationCodec.encode(policy)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Resource resource : resources) {
            resource.toBuilder().setVersion("1").build().writeDelimitedTo(bytes);
        }
        return bytes.toByteArray();
    }

    private static X509Svid svid(TestAuthority authority, SpiffeId id) {
        TestSvid svid = authority.svid(id);
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new IllegalStateException(e);
        }
    }

    /** Wires and starts it. */
    void start() throws Exception {
        assertThat(process).isEmpty();
        Section root = ConfigFile.read(folder.resolve("cluster.yaml")).root();
        ProcessContext context = new ProcessContext(
                "node-proxy",
                "node-proxy-" + node,
                Optional.of(node),
                ClusterConfig.read(root),
                root.section("node-proxy"),
                readiness,
                control,
                metrics,
                scheduler,
                InstantSource.system(),
                Ticker.system(),
                vertx,
                state);
        RunningProcess wired = ProxyWiring.wire(context);
        process = Optional.of(wired);
        wired.start();
    }

    /** The callers whose calls ended, or were refused, with a reason. */
    List<String> callers(String meter, String reason) {
        return metrics.find(meter).tag("reason_code", reason).functionCounters().stream()
                .map(counter -> String.valueOf(counter.getId().getTag("source_principal")))
                .distinct()
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        process.ifPresent(running -> running.drain(Duration.ofSeconds(2)));
        scheduler.close();
        try {
            vertx.close().await();
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
