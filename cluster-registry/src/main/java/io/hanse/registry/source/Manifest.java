/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.policy.AuthorizationPolicy;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** One object as a document declares it, checked by itself but not yet against the others. */
public sealed interface Manifest {

    /** Where its document begins. */
    Place place();

    /** What it is called; two objects with one key cannot stand beside each other. */
    Key key();

    /** Kind, namespace and name. */
    record Key(String kind, String namespace, String name) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /** What a service port leads to on the workload. */
    sealed interface Target {

        /** A port number. */
        record Numbered(int port) implements Target {}

        /** A name in the workload's {@code ports}. */
        record Named(String name) implements Target {}
    }

    /** A port of a declared service. */
    record Port(String name, int port, Target target) {}

    /**
     * A {@code v1 Service}.
     *
     * @param shared as multicluster.md 1.4 resolves it: true by default once global, never true otherwise
     * @param selector labels a workload must bear; empty selects none
     */
    record DeclaredService(
            Place place,
            ServiceName name,
            List<InetAddress> clusterIps,
            List<Port> ports,
            NavigableMap<String, String> selector,
            boolean global,
            boolean shared,
            Affinity affinity)
            implements Manifest {

        public DeclaredService {
            clusterIps = List.copyOf(clusterIps);
            ports = List.copyOf(ports);
            selector = Collections.unmodifiableNavigableMap(new TreeMap<>(selector));
        }

        @Override
        public Key key() {
            return new Key("Service", name.namespace(), name.name());
        }
    }

    /** A {@code hanse.io/v1alpha1 Workload}. */
    record DeclaredWorkload(
            Place place,
            String namespace,
            String name,
            NavigableMap<String, String> labels,
            String node,
            List<InetAddress> addresses,
            String serviceAccount,
            int weight,
            Locality locality,
            boolean healthy,
            NavigableMap<String, Integer> ports,
            NodeDuties duties)
            implements Manifest {

        public DeclaredWorkload {
            labels = Collections.unmodifiableNavigableMap(new TreeMap<>(labels));
            addresses = List.copyOf(addresses);
            ports = Collections.unmodifiableNavigableMap(new TreeMap<>(ports));
        }

        @Override
        public Key key() {
            return new Key("Workload", namespace, name);
        }
    }

    /**
     * A {@code security.istio.io AuthorizationPolicy}.
     *
     * @param policy in the model's words, its scope set by selector and namespace
     * @param selector labels of the workloads it guards; empty if the scope is a namespace or the mesh
     */
    record DeclaredPolicy(Place place, AuthorizationPolicy policy, NavigableMap<String, String> selector)
            implements Manifest {

        public DeclaredPolicy {
            selector = Collections.unmodifiableNavigableMap(new TreeMap<>(selector));
        }

        @Override
        public Key key() {
            return new Key(
                    "AuthorizationPolicy",
                    policy.name().namespace(),
                    policy.name().name());
        }
    }

    /** Whether a port takes plain text beside mutual TLS. */
    enum MutualTls {
        STRICT,
        PERMISSIVE
    }

    /**
     * A {@code security.istio.io PeerAuthentication}.
     *
     * @param mode empty if it leaves the mode to the wider scope
     * @param portModes by workload port
     */
    record DeclaredPeerAuthentication(
            Place place,
            String namespace,
            String name,
            NavigableMap<String, String> selector,
            Optional<MutualTls> mode,
            NavigableMap<Integer, MutualTls> portModes)
            implements Manifest {

        public DeclaredPeerAuthentication {
            selector = Collections.unmodifiableNavigableMap(new TreeMap<>(selector));
            portModes = Collections.unmodifiableNavigableMap(new TreeMap<>(portModes));
        }

        @Override
        public Key key() {
            return new Key("PeerAuthentication", namespace, name);
        }
    }
}
