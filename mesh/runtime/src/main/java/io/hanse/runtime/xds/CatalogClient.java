/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.ManagedChannel;
import io.hanse.model.catalog.CatalogDelta;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcLimits;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.Readiness.StartTask;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.Subscription;
import io.hanse.wire.xds.Node;
import io.hanse.wire.xds.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog as a registry serves it, kept across breaks and restarts: last good image in memory and, right after each
 * change, in {@code catalog.bin}. After a restart the kept versions are told to the registry, so that only changes travel.
 *
 * <p>Readiness: done once both types were answered, or at once if a kept image was read. Any thread.
 */
public final class CatalogClient implements CatalogSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CatalogClient.class);

    /**
     * Between two writes, so that a burst of changes costs few. The first is made at once: what is not written yet is lost
     * when this process and its registry die together, and the policy of before may have been a wider one.
     */
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(50);

    /** A large catalog is written less often, 100,000 resources every five seconds: writing takes little of the time. */
    private static final int RESOURCES_PER_MILLISECOND = 20;

    private final DeltaXdsClient client;
    private final CatalogFile file;
    private final Scheduler scheduler;
    private final StartTask started;
    private final Holdings holdings = new Holdings();
    private final List<BiConsumer<CatalogImage, CatalogDelta>> listeners = new CopyOnWriteArrayList<>();

    private volatile CatalogImage image = CatalogImage.empty();
    private volatile boolean synced;
    private boolean unwritten;
    private boolean writing;
    private @Nullable Cancellable rest;

    /**
     * Reads the kept image; connects only at {@link #start}.
     *
     * @param channels opens a channel to a registry for each stream
     * @param node who subscribes
     * @param stateDirectory holds {@code catalog.bin}
     */
    public CatalogClient(
            Supplier<ManagedChannel> channels,
            Node node,
            Path stateDirectory,
            WdsCodec codec,
            Scheduler scheduler,
            StartTask started) {
        this.file = new CatalogFile(stateDirectory, codec);
        this.scheduler = scheduler;
        this.started = started;
        this.client = new DeltaXdsClient(
                channels,
                node,
                // Policies first: a workload whose policy has not arrived refuses everybody.
                List.of(new Sink(XdsTypes.AUTHORIZATION), new Sink(XdsTypes.ADDRESS)),
                scheduler,
                new StreamListener());
        readKept();
    }

    /** The catalog of a process's own cluster, at its usual places; names the start task {@code catalog}. */
    public static CatalogClient of(ProcessContext context, SpiffeId self, MeshIdentity identity) {
        SpiffeId registry = SystemIdentity.CLUSTER_REGISTRY.in(context.cluster().trustDomain());
        return new CatalogClient(
                () -> GrpcChannels.to(context.cluster().ports().registry(), identity, registry)
                        .maxInboundBytes(GrpcLimits.CATALOG_INBOUND_BYTES)
                        .open(),
                node(self, context.cluster().cluster().name()),
                context.stateDirectory(),
                new WdsCodec(context.cluster().network()),
                context.scheduler(),
                context.readiness().task("catalog"));
    }

    /** How a subscriber names itself; for the server's log, since it believes the SVID alone. */
    public static Node node(SpiffeId self, String cluster) {
        Struct.Builder metadata = Struct.newBuilder()
                .putFields(
                        "CLUSTER_ID", Value.newBuilder().setStringValue(cluster).build());
        SystemIdentity.nodeName(self)
                .ifPresent(name -> metadata.putFields(
                        "NODE_NAME", Value.newBuilder().setStringValue(name).build()));
        return Node.newBuilder()
                .setId(self.toString())
                .setCluster(cluster)
                .setMetadata(metadata)
                .build();
    }

    /** Opens the stream; call it once there is an SVID to show. */
    public void start() {
        client.start();
    }

    @Override
    public CatalogImage current() {
        return image;
    }

    @Override
    public Subscription onChange(BiConsumer<CatalogImage, CatalogDelta> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public boolean connected() {
        return synced;
    }

    /** Ends the stream and writes what was not written yet. Blocks for the write. */
    @Override
    public void close() {
        client.close();
        synchronized (holdings) {
            if (rest != null) {
                rest.cancel();
            }
        }
        writeNow();
    }

    private void readKept() {
        file.read().ifPresent(kept -> {
            apply(XdsTypes.ADDRESS, kept.addresses(), List.of());
            apply(XdsTypes.AUTHORIZATION, kept.policies(), List.of());
            started.done();
            log.atInfo()
                    .addKeyValue("workloads", image.workloads().size())
                    .addKeyValue("services", image.services().size())
                    .log("catalog read from its file");
        });
    }

    private List<ResourceSink.Rejection> apply(String typeUrl, List<Resource> resources, List<String> removed) {
        synchronized (holdings) {
            Holdings.Applied applied = typeUrl.equals(XdsTypes.ADDRESS)
                    ? holdings.applyAddresses(resources, removed)
                    : holdings.applyPolicies(resources, removed);
            if (!applied.delta().isEmpty()) {
                CatalogImage next = holdings.image();
                image = next;
                for (BiConsumer<CatalogImage, CatalogDelta> listener : listeners) {
                    tell(listener, next, applied.delta());
                }
            }
            return applied.rejections();
        }
    }

    /** One listener's bug must not keep the news from the others, nor NACK a good message. */
    private static void tell(BiConsumer<CatalogImage, CatalogDelta> listener, CatalogImage image, CatalogDelta delta) {
        try {
            listener.accept(image, delta);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a catalog listener failed, this is a bug");
        }
    }

    private void writeSoon() {
        synchronized (holdings) {
            unwritten = true;
            if (!writing) {
                writing = true;
                scheduler.now(this::writeAndRest);
            }
        }
    }

    private void writeAndRest() {
        try {
            writeNow();
        } finally {
            CatalogImage written = image;
            int resources = written.services().size()
                    + written.workloads().size()
                    + written.policies().size();
            synchronized (holdings) {
                rest = scheduler.after(BETWEEN_WRITES.plusMillis(resources / RESOURCES_PER_MILLISECOND), this::rested);
            }
        }
    }

    private void rested() {
        synchronized (holdings) {
            rest = null;
            writing = false;
            if (unwritten) {
                writeSoon();
            }
        }
    }

    /** One write after the other; none if nothing is unwritten. */
    private void writeNow() {
        synchronized (file) {
            Map<String, String> addresses;
            Map<String, String> policies;
            CatalogImage snapshot;
            synchronized (holdings) {
                if (!unwritten) {
                    return;
                }
                unwritten = false;
                snapshot = holdings.image();
                addresses = holdings.versions(XdsTypes.ADDRESS);
                policies = holdings.versions(XdsTypes.AUTHORIZATION);
            }
            file.write(snapshot, addresses, policies);
        }
    }

    private final class Sink implements ResourceSink {
        private final String typeUrl;

        Sink(String typeUrl) {
            this.typeUrl = typeUrl;
        }

        @Override
        public String typeUrl() {
            return typeUrl;
        }

        @Override
        public Map<String, String> versions() {
            synchronized (holdings) {
                return holdings.versions(typeUrl);
            }
        }

        @Override
        public List<Rejection> apply(List<Resource> resources, List<String> removed) {
            List<Rejection> rejections = CatalogClient.this.apply(typeUrl, resources, removed);
            if (!resources.isEmpty() || !removed.isEmpty()) {
                writeSoon();
            }
            return rejections;
        }
    }

    private final class StreamListener implements DeltaXdsClient.Listener {
        @Override
        public void onSynced() {
            synced = true;
            started.done();
        }

        @Override
        public void onBroken(Throwable why) {
            synced = false;
        }
    }
}
