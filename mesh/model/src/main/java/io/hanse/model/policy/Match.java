/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Facts about a connection: every field that is given must hold; within a field any value is enough, within a
 * {@code not} field none may hold. A match with no field given never holds: such a match is what is left of a rule whose
 * every condition could not be carried, and must not widen an {@link Action#ALLOW}.
 *
 * <p>{@code namespaces} and {@code serviceAccounts} speak of the workload's own trust domain only: a peer cluster names its
 * own namespaces, and {@code ns/shop} there is not {@code ns/shop} here. A caller of another trust domain is in none of our
 * namespaces, so a positive match never holds for it and a negative one always does. To speak of a peer's workloads, write a
 * principal: {@code peer.example/ns/shop/sa/web}, or {@code peer.example/*} for all of them.
 *
 * @param principals compare with {@code td/ns/x/sa/y}, without {@code spiffe://}, in any trust domain
 */
public record Match(
        List<StringMatch> namespaces,
        List<StringMatch> notNamespaces,
        List<StringMatch> principals,
        List<StringMatch> notPrincipals,
        List<Cidr> sourceIps,
        List<Cidr> notSourceIps,
        List<Cidr> destinationIps,
        List<Cidr> notDestinationIps,
        List<Integer> destinationPorts,
        List<Integer> notDestinationPorts,
        List<ServiceAccountMatch> serviceAccounts,
        List<ServiceAccountMatch> notServiceAccounts) {

    public Match {
        namespaces = List.copyOf(namespaces);
        notNamespaces = List.copyOf(notNamespaces);
        principals = List.copyOf(principals);
        notPrincipals = List.copyOf(notPrincipals);
        sourceIps = List.copyOf(sourceIps);
        notSourceIps = List.copyOf(notSourceIps);
        destinationIps = List.copyOf(destinationIps);
        notDestinationIps = List.copyOf(notDestinationIps);
        destinationPorts = List.copyOf(destinationPorts);
        notDestinationPorts = List.copyOf(notDestinationPorts);
        serviceAccounts = List.copyOf(serviceAccounts);
        notServiceAccounts = List.copyOf(notServiceAccounts);
    }

    /** A builder of a match in which nothing is given yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether no field is given; such a match never holds. */
    public boolean isEmpty() {
        return namespaces.isEmpty()
                && notNamespaces.isEmpty()
                && principals.isEmpty()
                && notPrincipals.isEmpty()
                && sourceIps.isEmpty()
                && notSourceIps.isEmpty()
                && destinationIps.isEmpty()
                && notDestinationIps.isEmpty()
                && destinationPorts.isEmpty()
                && notDestinationPorts.isEmpty()
                && serviceAccounts.isEmpty()
                && notServiceAccounts.isEmpty();
    }

    boolean holds(Subject subject) {
        Connection connection = subject.connection();
        InetAddress from = connection.sourceIp();
        InetAddress to = connection.destinationIp();
        int port = connection.destinationPort();
        return !isEmpty()
                && fits(destinationPorts, notDestinationPorts, p -> p == port)
                && fits(namespaces, notNamespaces, n -> n.matches(subject.namespace()))
                && fits(principals, notPrincipals, p -> p.matches(subject.principal()))
                && fits(serviceAccounts, notServiceAccounts, a -> isAccount(a, subject))
                && fits(sourceIps, notSourceIps, block -> block.contains(from))
                && fits(destinationIps, notDestinationIps, block -> block.contains(to));
    }

    private static boolean isAccount(ServiceAccountMatch match, Subject subject) {
        return !subject.namespace().isEmpty()
                && match.namespace().equals(subject.namespace())
                && match.serviceAccount().equals(subject.serviceAccount());
    }

    private static <T> boolean fits(List<T> anyOf, List<T> noneOf, Predicate<T> holds) {
        return (anyOf.isEmpty() || any(anyOf, holds)) && !any(noneOf, holds);
    }

    private static <T> boolean any(List<T> values, Predicate<T> holds) {
        for (T each : values) {
            if (holds.test(each)) {
                return true;
            }
        }
        return false;
    }

    /** Collects the fields of one match; used by one thread. */
    public static final class Builder {

        private final List<StringMatch> namespaces = new ArrayList<>();
        private final List<StringMatch> notNamespaces = new ArrayList<>();
        private final List<StringMatch> principals = new ArrayList<>();
        private final List<StringMatch> notPrincipals = new ArrayList<>();
        private final List<Cidr> sourceIps = new ArrayList<>();
        private final List<Cidr> notSourceIps = new ArrayList<>();
        private final List<Cidr> destinationIps = new ArrayList<>();
        private final List<Cidr> notDestinationIps = new ArrayList<>();
        private final List<Integer> destinationPorts = new ArrayList<>();
        private final List<Integer> notDestinationPorts = new ArrayList<>();
        private final List<ServiceAccountMatch> serviceAccounts = new ArrayList<>();
        private final List<ServiceAccountMatch> notServiceAccounts = new ArrayList<>();

        private Builder() {}

        public Builder namespaces(List<StringMatch> values) {
            namespaces.addAll(values);
            return this;
        }

        public Builder notNamespaces(List<StringMatch> values) {
            notNamespaces.addAll(values);
            return this;
        }

        public Builder principals(List<StringMatch> values) {
            principals.addAll(values);
            return this;
        }

        public Builder notPrincipals(List<StringMatch> values) {
            notPrincipals.addAll(values);
            return this;
        }

        public Builder sourceIps(List<Cidr> values) {
            sourceIps.addAll(values);
            return this;
        }

        public Builder notSourceIps(List<Cidr> values) {
            notSourceIps.addAll(values);
            return this;
        }

        public Builder destinationIps(List<Cidr> values) {
            destinationIps.addAll(values);
            return this;
        }

        public Builder notDestinationIps(List<Cidr> values) {
            notDestinationIps.addAll(values);
            return this;
        }

        public Builder destinationPorts(List<Integer> values) {
            destinationPorts.addAll(values);
            return this;
        }

        public Builder notDestinationPorts(List<Integer> values) {
            notDestinationPorts.addAll(values);
            return this;
        }

        public Builder serviceAccounts(List<ServiceAccountMatch> values) {
            serviceAccounts.addAll(values);
            return this;
        }

        public Builder notServiceAccounts(List<ServiceAccountMatch> values) {
            notServiceAccounts.addAll(values);
            return this;
        }

        public Match build() {
            return new Match(
                    namespaces,
                    notNamespaces,
                    principals,
                    notPrincipals,
                    sourceIps,
                    notSourceIps,
                    destinationIps,
                    notDestinationIps,
                    destinationPorts,
                    notDestinationPorts,
                    serviceAccounts,
                    notServiceAccounts);
        }
    }
}
