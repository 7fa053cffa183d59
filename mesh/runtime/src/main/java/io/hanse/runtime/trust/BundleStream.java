/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.KeptStream;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.Readiness.StartTask;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.svid.RootsSource;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.SvidSource;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle map as trust-bundle-exchange pushes it: both streams merged, each message replacing all that the one before
 * it said (WL-4.3a). When a stream breaks the last good map stands; it also stands across a restart.
 *
 * <p>Until the exchange is heard, the own trust domain's roots are the newer of what the file holds and what spiffe-ca or
 * the join token said, so that the exchange itself can be verified. Reading never blocks; any thread.
 */
public final class BundleStream implements BundleSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BundleStream.class);

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    /** A withdrawal of trust must not wait longer than this for a stream that is down. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
    /** 16 MiB: the exchange takes less from all peers together, for 500 clusters with a dozen keys each. */
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final Home home;
    private final RootsSource roots;
    private final StartTask started;
    private final BundleFile file;
    private final BundleCell cell = new BundleCell();
    private final MeshIdentity identity;
    private final KeptStream<X509BundlesRequest, X509BundlesResponse> x509Stream;
    private final KeptStream<JWTBundlesRequest, JWTBundlesResponse> jwtStream;
    private final Subscription rootsSubscription;

    private X509BundlesResponse lastX509 = X509BundlesResponse.getDefaultInstance();
    private JWTBundlesResponse lastJwt = JWTBundlesResponse.getDefaultInstance();
    private Map<TrustDomain, List<X509Certificate>> x509 = Map.of();
    private Map<TrustDomain, List<JwtAuthority>> jwt = Map.of();
    private boolean x509Live;
    private boolean closed;
    private boolean jwtHeard;

    /**
     * Where the map comes from and is kept.
     *
     * @param exchange where trust-bundle-exchange streams
     * @param stateDirectory holds {@code bundles.bin}
     */
    public record Home(TrustDomain trustDomain, HostPort exchange, Path stateDirectory) {}

    /**
     * Reads the kept map; connects only at {@link #start}.
     *
     * @param started reported done once both streams have spoken, or at once if a kept map was read
     */
    public BundleStream(
            Home home,
            SvidSource svids,
            RootsSource roots,
            Scheduler scheduler,
            InstantSource clock,
            StartTask started) {
        this.home = home;
        this.roots = roots;
        this.started = started;
        this.file = new BundleFile(home.stateDirectory());
        this.identity = new MeshIdentity(svids, this, clock);
        this.x509Stream = stream(
                SpiffeWorkloadAPIGrpc.getFetchX509BundlesMethod(),
                X509BundlesRequest.getDefaultInstance(),
                scheduler,
                new X509Listener());
        this.jwtStream = stream(
                SpiffeWorkloadAPIGrpc.getFetchJWTBundlesMethod(),
                JWTBundlesRequest.getDefaultInstance(),
                scheduler,
                KeptStream.Listener.of(this::take));
        readKept();
        this.rootsSubscription = roots.onChange(this::takeRoots);
    }

    /**
     * The stream of a process of this cluster, at its usual places; tells {@code own} of newer roots and names the start
     * task {@code trust bundles}.
     */
    public static BundleStream of(ProcessContext context, OwnSvid own) {
        TrustDomain trustDomain = context.cluster().trustDomain();
        Home home = new Home(trustDomain, context.cluster().ports().exchange(), context.stateDirectory());
        BundleStream stream = new BundleStream(
                home,
                own,
                own.roots(),
                context.scheduler(),
                context.clock(),
                context.readiness().task("trust bundles"));
        // On a thread of its own: OwnSvid tells this stream of roots while it holds its own lock.
        stream.onChange(map ->
                map.of(trustDomain).ifPresent(bundle -> context.scheduler().now(() -> own.learnRoots(bundle))));
        return stream;
    }

    /** Opens both streams; call it once there is an SVID to show. */
    public void start() {
        x509Stream.start();
        jwtStream.start();
    }

    @Override
    public BundleMap current() {
        return cell.current();
    }

    @Override
    public Subscription onChange(Consumer<BundleMap> listener) {
        return cell.onChange(listener);
    }

    /** Whether the X.509 stream is open and has spoken. */
    public synchronized boolean connected() {
        return x509Live;
    }

    @Override
    public void close() {
        rootsSubscription.close();
        x509Stream.close();
        jwtStream.close();
        synchronized (this) {
            closed = true; // a message that is being taken is taken whole; none comes after it
        }
    }

    private <Q, A> KeptStream<Q, A> stream(
            MethodDescriptor<Q, A> method, Q request, Scheduler scheduler, KeptStream.Listener<A> listener) {
        return new KeptStream<>(
                method, request, this::channel, scheduler, Backoff.between(FIRST_RETRY, LONGEST_RETRY), listener);
    }

    private ManagedChannel channel() {
        return GrpcChannels.to(home.exchange(), identity, SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(home.trustDomain()))
                .maxInboundBytes(MAX_MESSAGE_BYTES)
                .workloadApi()
                .open();
    }

    private void readKept() {
        file.read().ifPresent(kept -> {
            lastX509 = kept.x509();
            lastJwt = kept.jwt();
            x509 = BundleMessages.read(lastX509);
            jwt = BundleMessages.read(lastJwt);
            started.done();
            log.atInfo().addKeyValue("count", x509.size()).log("trust bundles read from their file");
            cell.publish(BundleMessages.merge(x509, jwt));
            if (roots.learnedAt().isAfter(kept.writtenAt())) {
                takeRoots(roots.current());
            }
        });
        if (x509.isEmpty()) {
            takeRoots(roots.current());
        }
    }

    /** What spiffe-ca says of our own roots counts until the exchange speaks, which knows at least as much. */
    private synchronized void takeRoots(BundleMap own) {
        if (x509Live) {
            return;
        }
        own.of(home.trustDomain()).ifPresent(news -> {
            List<JwtAuthority> keys = jwt.getOrDefault(home.trustDomain(), List.of());
            TrustBundle known = TrustBundle.ofX509(home.trustDomain(), news.x509Authorities());
            cell.publish(current().with(withJwt(known, keys)));
        });
    }

    private static TrustBundle withJwt(TrustBundle bundle, List<JwtAuthority> keys) {
        return new TrustBundle(
                bundle.trustDomain(), bundle.x509Authorities(), keys, bundle.sequence(), bundle.refreshHint());
    }

    private synchronized void take(X509BundlesResponse message) {
        if (closed) {
            return;
        }
        Map<TrustDomain, List<X509Certificate>> read = BundleMessages.read(message);
        if (!read.containsKey(home.trustDomain())) {
            // WL-5.2.2: the own bundle is always there. Taking this would cut this process off for good.
            throw new IllegalStateException("the exchange's message lacks the own trust domain's bundle");
        }
        boolean changed = !x509Live || !message.equals(lastX509);
        x509Live = true;
        x509 = read;
        lastX509 = message;
        publish(changed);
    }

    private synchronized void take(JWTBundlesResponse message) {
        if (closed) {
            return;
        }
        boolean changed = !jwtHeard || !message.equals(lastJwt);
        jwtHeard = true;
        jwt = BundleMessages.read(message);
        lastJwt = message;
        publish(changed && x509Live);
    }

    private void publish(boolean changed) {
        if (changed) {
            BundleMap map = BundleMessages.merge(x509, jwt);
            file.write(lastX509, lastJwt);
            if (!map.equals(current())) {
                log.atInfo().addKeyValue("count", map.bundles().size()).log("trust bundles changed");
                cell.publish(map);
            }
        }
        if (x509Live && jwtHeard) {
            started.done();
        }
    }

    private synchronized void broken() {
        x509Live = false;
    }

    private final class X509Listener implements KeptStream.Listener<X509BundlesResponse> {
        @Override
        public void onMessage(X509BundlesResponse message) {
            take(message);
        }

        @Override
        public void onBroken(Throwable why) {
            broken();
        }
    }
}
