/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.runtime.telemetry.Counters;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections and calls in while {@link CallLimits} hold, over all sockets of a node, before anything is looked at
 * that costs more than counting. What is shed is counted, and said in the log with who it was. Any thread.
 */
public final class CallAdmission {

    /**
     * A user or process that has nothing open is remembered for its rate; the longest unseen goes first. Many more than can
     * have something open at once.
     */
    static final int MAX_REMEMBERED = 20_000;

    /** A caller that is shed a thousand times a second gets one line in this time for each limit. */
    private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A process is told from a later one with the same id by its start time. */
    private record Caller(int pid, Optional<String> startTime) {}

    private static final Logger LOG = LoggerFactory.getLogger(CallAdmission.class);

    private final CallLimits limits;
    private final Ticker ticker;
    private final Counters shed;
    private final Map<Integer, Account> users = accounts();
    private final Map<Caller, Account> processes = accounts();
    private final Map<CallLimits.Name, Long> saidAt = new EnumMap<>(CallLimits.Name.class);
    private int connections;
    private int calls;

    /** Nobody is in yet. */
    public CallAdmission(CallLimits limits, MeterRegistry metrics, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
        this.shed = new Counters(
                metrics,
                "hanse.workload.api.shed",
                "Connections and calls to the Workload API beyond a limit",
                List.of("limit"),
                CallLimits.Name.values().length);
    }

    private static <K> Map<K, Account> accounts() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Account> eldest) {
                if (size() > MAX_REMEMBERED) {
                    forgetEldestIdle(values());
                }
                return false;
            }
        };
    }

    private static void forgetEldestIdle(Collection<Account> eldestFirst) {
        Iterator<Account> accounts = eldestFirst.iterator();
        while (accounts.hasNext()) {
            if (accounts.next().idle()) {
                accounts.remove();
                return;
            }
        }
    }

    /** Processes that it has an account of. */
    synchronized int remembered() {
        return processes.size();
    }

    /** Whether this user may have one more connection; if so, {@link #disconnected} follows. */
    synchronized boolean connected(int uid) {
        Account user = user(uid);
        if (connections >= limits.connections()) {
            return refuse(CallLimits.Name.CONNECTIONS, uid, 0);
        }
        if (user.connections() >= limits.connectionsOfUser()) {
            return refuse(CallLimits.Name.CONNECTIONS_OF_USER, uid, 0);
        }
        connections++;
        user.connected(1);
        return true;
    }

    synchronized void disconnected(int uid) {
        connections--;
        user(uid).connected(-1);
    }

    /** The limit that keeps this call out; empty if it is in, and then {@link #left} follows. */
    synchronized Optional<CallLimits.Name> entered(CallerFacts caller) {
        Account user = user(caller.uid());
        Account process = process(caller);
        Optional<CallLimits.Name> beyond = beyond(user, process, ticker.nanos());
        if (beyond.isPresent()) {
            refuse(beyond.get(), caller.uid(), caller.pid());
        } else {
            calls++;
            for (Account account : List.of(user, process)) {
                account.called(1);
                account.take();
            }
        }
        return beyond;
    }

    synchronized void left(CallerFacts caller) {
        calls--;
        user(caller.uid()).called(-1);
        process(caller).called(-1);
    }

    /** A message was longer than taken; gRPC has ended its call. */
    synchronized void tooLong(CallerFacts caller) {
        refuse(CallLimits.Name.MESSAGE_SIZE, caller.uid(), caller.pid());
    }

    private Optional<CallLimits.Name> beyond(Account user, Account process, long now) {
        if (calls >= limits.calls()) {
            return Optional.of(CallLimits.Name.CALLS);
        }
        if (user.calls() >= limits.callsOfUser()) {
            return Optional.of(CallLimits.Name.CALLS_OF_USER);
        }
        if (process.calls() >= limits.callsOfProcess()) {
            return Optional.of(CallLimits.Name.CALLS_OF_PROCESS);
        }
        if (!process.mayCall(now)) {
            return Optional.of(CallLimits.Name.RATE_OF_PROCESS);
        }
        return user.mayCall(now) ? Optional.empty() : Optional.of(CallLimits.Name.RATE_OF_USER);
    }

    private boolean refuse(CallLimits.Name limit, int uid, int pid) {
        shed.cell(limit.label()).increment();
        long now = ticker.nanos();
        Long before = saidAt.get(limit);
        if (before == null || now - before >= LINE_EVERY_NANOS) {
            saidAt.put(limit, now);
            LOG.atWarn()
                    .addKeyValue("limit", limit.label())
                    .addKeyValue("uid", uid)
                    .addKeyValue("pid", pid)
                    .log("LIMIT_EXCEEDED: a caller of the Workload API is shed");
        }
        return false;
    }

    private Account user(int uid) {
        return users.computeIfAbsent(uid, absent -> new Account(limits.rateOfUser(), ticker.nanos()));
    }

    private Account process(CallerFacts caller) {
        return processes.computeIfAbsent(
                new Caller(caller.pid(), caller.startTime()),
                absent -> new Account(limits.rateOfProcess(), ticker.nanos()));
    }
}
