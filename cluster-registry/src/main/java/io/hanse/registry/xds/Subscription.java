/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What one stream has been told of one type, and what it still wants. Confined to the stream's lock.
 *
 * <p>At most one response is unanswered; the next is the difference to the then latest view. Memory is bounded by the
 * names of the view and of the client's own subscription.
 */
final class Subscription {

    /** A named subscription asks for what its node calls, one name at a time; more is a broken client. */
    static final int MAX_NAMES = 200_000;

    /** Below gRPC's usual bound on a message, 4 MiB, with room for one large resource. */
    private static final int MAX_RESPONSE_BYTES = 2 * 1024 * 1024;

    /** A peer's uid (at most 512), its trust domain (at most 255) and what is between them. */
    static final int MAX_NAME_CHARACTERS = 800;

    private static final String WILDCARD = "*";

    private final ResourceType type;
    private final Map<String, String> told = new HashMap<>();
    private final TreeSet<String> names = new TreeSet<>();
    private final TreeSet<String> owed = new TreeSet<>();
    private boolean wildcard;
    private boolean overlong;
    private long characters;
    private boolean answered;
    private Optional<String> awaited = Optional.empty();
    private long sent;
    private long accepted;
    private long refused;

    /** Begins with the first request of a type. */
    Subscription(ResourceType type, DeltaDiscoveryRequest first) {
        this.type = type;
        this.wildcard = first.getResourceNamesSubscribeList().isEmpty();
        subscribe(first);
        first.getInitialResourceVersionsMap().forEach((name, version) -> {
            measure(name);
            characters += name.length() + version.length();
            told.put(name, version);
        });
        if (!wildcard) {
            // What a client holds that asks by name, it asked for on the stream before.
            told.keySet().forEach(this::want);
            first.getResourceNamesUnsubscribeList().forEach(this::drop);
        }
    }

    private void measure(String name) {
        overlong |= name.length() > MAX_NAME_CHARACTERS;
    }

    private void want(String name) {
        measure(name);
        if (names.add(name)) {
            characters += name.length();
        }
    }

    private void drop(String name) {
        if (names.remove(name)) {
            characters -= name.length();
        }
    }

    /** Changes of interest; valid whatever the nonce says. */
    void subscribe(DeltaDiscoveryRequest request) {
        for (String name : request.getResourceNamesSubscribeList()) {
            if (name.equals(WILDCARD)) {
                wildcard = true;
            } else {
                // Asked for again means: send again, and say so if there is no such thing (istio.md 2.4 rule 5).
                want(name);
                owed.add(name);
                told.remove(name);
            }
        }
        for (String name : request.getResourceNamesUnsubscribeList()) {
            if (name.equals(WILDCARD)) {
                wildcard = false;
                told.keySet().retainAll(names);
            } else {
                drop(name);
                owed.remove(name);
                if (!wildcard) {
                    told.remove(name);
                }
            }
        }
    }

    /** Whether the client asks for more names than any node needs. */
    boolean isExcessive() {
        return overlong || names.size() > MAX_NAMES || told.size() > MAX_NAMES * 2;
    }

    /** How much of the client's own words is kept: names asked for, and what it said it holds. */
    long characters() {
        return characters;
    }

    /** Takes an ACK or NACK; false if it answers a response that is not awaited (stale), which then changes nothing. */
    boolean answeredBy(DeltaDiscoveryRequest request) {
        if (awaited.isEmpty() || !awaited.get().equals(request.getResponseNonce())) {
            return false;
        }
        awaited = Optional.empty();
        if (request.hasErrorDetail()) {
            refused++;
        } else {
            accepted++;
        }
        return true;
    }

    /** Whether there was a response at all. */
    boolean isAnswered() {
        return answered;
    }

    boolean isAwaitingAnswer() {
        return awaited.isPresent();
    }

    /** Whether the client was told of everything in {@code view} and has taken it. */
    boolean hasTold(ResourceView view) {
        if (awaited.isPresent() || !answered) {
            return false;
        }
        boolean[] all = {true};
        view.forEach(resource -> all[0] &= isTold(resource) || !isWanted(resource));
        return all[0];
    }

    /** Whether, besides, nothing is left that the client has yet to forget. */
    boolean isUpToDate(ResourceView view) {
        return hasTold(view) && told.keySet().stream().allMatch(view::has);
    }

    private boolean isWanted(Resource resource) {
        return wildcard || names.contains(resource.getName());
    }

    private boolean isTold(Resource resource) {
        return resource.getVersion().equals(told.get(resource.getName()));
    }

    /**
     * The next response, if one is due: the first even if it is empty, later ones only if something changed.
     *
     * @param mayForget whether removals may be told now
     */
    Optional<DeltaDiscoveryResponse> next(ResourceView view, long version, String nonce, boolean mayForget) {
        if (awaited.isPresent()) {
            return Optional.empty();
        }
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder();
        addChanges(view, response);
        if (mayForget) {
            addRemovals(view, response);
        }
        if (answered && response.getResourcesCount() == 0 && response.getRemovedResourcesCount() == 0) {
            return Optional.empty();
        }
        return Optional.of(finish(response, version, nonce));
    }

    /** An empty response: a sign of life that the client answers. */
    Optional<DeltaDiscoveryResponse> heartbeat(long version, String nonce) {
        return awaited.isPresent() || !answered
                ? Optional.empty()
                : Optional.of(finish(DeltaDiscoveryResponse.newBuilder(), version, nonce));
    }

    private DeltaDiscoveryResponse finish(DeltaDiscoveryResponse.Builder response, long version, String nonce) {
        answered = true;
        awaited = Optional.of(nonce);
        sent++;
        return response.setTypeUrl(type.url())
                .setSystemVersionInfo(Long.toString(version))
                .setNonce(nonce)
                .build();
    }

    private void addChanges(ResourceView view, DeltaDiscoveryResponse.Builder response) {
        List<Resource> changed = new ArrayList<>();
        int[] room = {MAX_RESPONSE_BYTES};
        if (wildcard) {
            view.forEach(resource -> offer(resource, room, changed));
        }
        if (!wildcard) {
            names.forEach(name -> view.get(name).ifPresent(resource -> offer(resource, room, changed)));
        }
        response.addAllResources(changed);
    }

    private void offer(Resource resource, int[] room, List<Resource> changed) {
        if (room[0] > 0 && !isTold(resource)) {
            changed.add(resource);
            told.put(resource.getName(), resource.getVersion());
            room[0] -= resource.getSerializedSize();
        }
    }

    private void addRemovals(ResourceView view, DeltaDiscoveryResponse.Builder response) {
        TreeSet<String> gone = new TreeSet<>();
        told.keySet().stream().filter(name -> !view.has(name)).forEach(gone::add);
        owed.stream().filter(name -> !view.has(name)).forEach(gone::add);
        told.keySet().removeAll(gone);
        owed.clear();
        response.addAllRemovedResources(gone);
    }

    /** Resources the client was told of and not told to forget. */
    int held() {
        return told.size();
    }

    long sent() {
        return sent;
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }
}
