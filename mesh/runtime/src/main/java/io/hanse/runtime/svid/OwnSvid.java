/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.Readiness.StartTask;
import io.hanse.runtime.svid.CertificateClient.Issued;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidSource;
import io.hanse.transport.tls.X509Svid;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's own SVID, from its first join to each renewal.
 *
 * <p>States and moves: <em>file</em> (a valid {@code own-svid.pem} is used at once) or <em>waiting</em> (looks for a join
 * token every second; the token buys the first certificate and its file is deleted) → <em>holding</em> (renews at half
 * life ± 10 %, at once when its authority is tainted; a failed renewal keeps the SVID and is tried again with backoff, and
 * a join token that comes meanwhile is used) → <em>waiting</em> again only if the SVID runs out.
 *
 * <p>{@link #current()} never blocks; everything else runs on the scheduler's threads, one step at a time.
 */
public final class OwnSvid implements SvidSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnSvid.class);

    /** How soon a token that was put down is seen; people wait for it. */
    private static final Duration TOKEN_POLL = Duration.ofSeconds(1);

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    /** Istio's; with half a life of an hour left there are a dozen tries. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(150);

    private final Home home;
    private final SvidFile file;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final StartTask started;
    private final Backoff backoff = Backoff.between(FIRST_RETRY, LONGEST_RETRY);
    private final SvidCell cell = new SvidCell();
    private final OwnRoots roots = new OwnRoots();
    private final TokenJoin join;
    private final MeshIdentity identity;
    private final ReentrantLock step = new ReentrantLock();

    private @Nullable Cancellable next;
    private Set<String> tainted = Set.of();
    private boolean closed;

    /**
     * Where one process's identity lives.
     *
     * @param id whom the SVID names
     * @param ca where spiffe-ca listens
     * @param stateDirectory holds {@code own-svid.pem} and {@code own-roots.pem}
     * @param token where a join token is put down
     */
    public record Home(SpiffeId id, HostPort ca, Path stateDirectory, Path token) {}

    /** Does nothing before {@link #start}. */
    public OwnSvid(Home home, Scheduler scheduler, InstantSource clock, StartTask started) {
        this.home = home;
        this.file = new SvidFile(home.stateDirectory());
        this.scheduler = scheduler;
        this.clock = clock;
        this.started = started;
        this.join = new TokenJoin(
                home.id(), home.token(), clock, Backoff.between(FIRST_RETRY, LONGEST_RETRY), started::wrong);
        this.identity = new MeshIdentity(this, roots, clock);
    }

    /** The SVID of a process of this cluster, at its usual places; names the start task {@code own certificate}. */
    public static OwnSvid of(ProcessContext context, SpiffeId id) {
        Home home = new Home(id, context.cluster().ports().ca(), context.stateDirectory(), context.joinToken());
        return new OwnSvid(
                home, context.scheduler(), context.clock(), context.readiness().task("own certificate"));
    }

    /** Reads the file, else begins to look for a token. Blocks for a file read only. */
    public void start() {
        step.lock();
        try {
            file.readRoots(home.id().trustDomain()).ifPresent(kept -> roots.set(kept, file.rootsWrittenAt()));
            Optional<X509Svid> kept = file.readSvid().filter(svid -> svid.id().equals(home.id()));
            if (kept.isPresent() && isValid(kept.get())) {
                hold(kept.get(), kept.get().validFrom());
                log.atInfo()
                        .addKeyValue("spiffe_id", home.id())
                        .addKeyValue("expires_at", kept.get().expiresAt())
                        .log("own certificate read from its file");
            } else {
                kept.ifPresent(this::tellExpired);
                arm(Duration.ZERO, this::lookForToken);
            }
        } finally {
            step.unlock();
        }
    }

    @Override
    public Optional<X509Svid> current() {
        return cell.current();
    }

    @Override
    public Subscription onChange(Consumer<X509Svid> listener) {
        return cell.onChange(listener);
    }

    /** The own trust domain's roots as last heard from spiffe-ca, a token, or {@link #learnRoots}. */
    public RootsSource roots() {
        return roots;
    }

    /** Takes newer roots of the own trust domain, so that spiffe-ca is still known after it changed its authority. */
    public void learnRoots(TrustBundle bundle) {
        step.lock();
        try {
            if (bundle.trustDomain().equals(home.id().trustDomain()) && !roots.holds(bundle)) {
                keepRoots(bundle);
            }
        } finally {
            step.unlock();
        }
    }

    /** Renews at once if one of these authorities (subject key identifiers, hex) stands in the SVID's chain. */
    public void renewIfTainted(Set<String> authorities) {
        step.lock();
        try {
            tainted = Set.copyOf(authorities);
            if (current().filter(this::isTainted).isPresent()) {
                log.atWarn()
                        .addKeyValue("spiffe_id", home.id())
                        .log("own certificate's authority is tainted, renewing");
                arm(Duration.ZERO, this::renew);
            }
        } finally {
            step.unlock();
        }
    }

    /** Renews now. */
    public void renewNow() {
        step.lock();
        try {
            if (current().isPresent()) {
                arm(Duration.ZERO, this::renew);
            }
        } finally {
            step.unlock();
        }
    }

    @Override
    public void close() {
        step.lock();
        try {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        } finally {
            step.unlock();
        }
    }

    private void renew() {
        X509Svid held = current().orElseThrow();
        if (!isValid(held)) {
            tellExpired(held);
            lookForToken();
            return;
        }
        try (CertificateClient client =
                new CertificateClient(home.ca(), home.id().trustDomain(), identity)) {
            take(client.renew(home.id()));
        } catch (CertificateRefused e) {
            Duration wait = backoff.next();
            started.wrong("not renewed, runs out at %s: %s".formatted(held.expiresAt(), e.getMessage()), next(e));
            log.atWarn()
                    .addKeyValue("spiffe_id", home.id())
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("expires_at", held.expiresAt())
                    .addKeyValue("retry_in", wait)
                    .log("own certificate not renewed, the old one stays");
            lookUntilRenewal(wait);
        }
    }

    /** An SVID whose authority was revoked is not renewed by anything but a token, however long it is good for. */
    private void lookUntilRenewal(Duration left) {
        join.look().ifPresentOrElse(this::takeJoined, () -> {
            Duration pause = left.compareTo(TOKEN_POLL) < 0 ? left : TOKEN_POLL;
            Duration then = left.minus(pause);
            arm(pause, then.isZero() ? this::renew : () -> lookUntilRenewal(then));
        });
    }

    /** A certificate that spiffe-ca will not renew is replaced by a joining. */
    private String next(CertificateRefused refused) {
        if (!refused.next().isEmpty()) {
            return refused.next();
        }
        return refused.worthRetrying() ? "connect-clusters run spiffe-ca" : join.askForToken();
    }

    private void lookForToken() {
        join.await().ifPresentOrElse(this::takeJoined, () -> arm(TOKEN_POLL, this::lookForToken));
    }

    private void takeJoined(Issued issued) {
        take(issued);
        join.used();
    }

    private void take(Issued issued) {
        durably(home.stateDirectory(), () -> file.writeSvid(issued.svid()));
        keepRoots(issued.roots());
        backoff.reset();
        hold(issued.svid(), clock.instant());
        ClockSkew.of(issued.svid(), clock.instant()).ifPresentOrElse(this::tellSkew, started::right);
        log.atInfo()
                .addKeyValue("spiffe_id", home.id())
                .addKeyValue("expires_at", issued.svid().expiresAt())
                .log("own certificate received");
    }

    private void keepRoots(TrustBundle bundle) {
        durably(home.stateDirectory(), () -> file.writeRoots(bundle));
        roots.set(bundle, clock.instant());
    }

    /** A full disk must not cost an identity that is already in memory: said, not thrown. */
    private static void durably(Path path, Runnable write) {
        try {
            write.run();
        } catch (StateException e) {
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("next", e.next())
                    .log("own certificate's files cannot be written, it will not survive a restart");
        }
    }

    /** @param since when it was issued, as far as is known */
    private void hold(X509Svid svid, Instant since) {
        cell.publish(svid);
        started.done();
        // An authority that is tainted may still have signed this one: a pause, so that the two do not spin.
        arm(isTainted(svid) ? FIRST_RETRY : Renewal.until(svid, since, clock.instant()), this::renew);
    }

    private boolean isTainted(X509Svid svid) {
        return AuthorityWatch.isTainted(svid, tainted);
    }

    private boolean isValid(X509Svid svid) {
        return clock.instant().isBefore(svid.expiresAt());
    }

    /** One task waits at any time; a step that runs arms the next. */
    private void arm(Duration wait, Runnable task) {
        if (next != null) {
            next.cancel();
        }
        if (!closed) {
            next = scheduler.after(wait, () -> alone(task));
        }
    }

    private void alone(Runnable task) {
        step.lock();
        try {
            if (!closed) {
                task.run();
            }
        } finally {
            step.unlock();
        }
    }

    private void tellSkew(String skew) {
        started.wrong(skew, ClockSkew.NEXT);
        log.atWarn()
                .addKeyValue("spiffe_id", home.id())
                .addKeyValue("reason", skew)
                .addKeyValue("next", ClockSkew.NEXT)
                .log("clocks differ");
    }

    private void tellExpired(X509Svid svid) {
        join.begin();
        log.atError()
                .addKeyValue("spiffe_id", home.id())
                .addKeyValue("expired_at", svid.expiresAt())
                .addKeyValue("next", join.askForToken())
                .log("own certificate expired while it could not be renewed; ask for a new join token");
    }
}
