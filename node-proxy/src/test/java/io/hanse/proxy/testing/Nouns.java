/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.testing;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import io.hanse.model.policy.StringMatch;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Services, workloads and policies of the cluster lubeck, and what it imports from bergen. */
public final class Nouns {

    public static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    public static final TrustDomain BERGEN = new TrustDomain("bergen.example");
    public static final SpiffeId FRONTEND = SpiffeId.ofServiceAccount(LUBECK, "shop", "frontend");
    public static final SpiffeId GUEST = SpiffeId.ofServiceAccount(LUBECK, "shop", "guest");
    public static final SpiffeId FOREIGN = SpiffeId.ofServiceAccount(BERGEN, "shop", "frontend");
    public static final ServiceName API = new ServiceName("shop", "api");
    public static final ServiceName LEDGER = new ServiceName("shop", "ledger");

    /** What the registry makes of STRICT. */
    public static final AuthorizationPolicy STRICT = new AuthorizationPolicy(
            new PolicyName("hanse-system", "istio_converted_static_strict"),
            Scope.WORKLOAD_SELECTOR,
            Action.DENY,
            List.of(rule(Match.builder()
                    .notPrincipals(List.of(new StringMatch.Presence()))
                    .build())),
            false);

    private Nouns() {}

    public static Service service(ServiceName name, boolean exported) {
        return service(name, exported, Affinity.NONE);
    }

    public static Service service(ServiceName name, boolean exported, Affinity affinity) {
        return new Service(name, List.of(), List.of(new ServicePort("", 80, 8080)), exported, exported, affinity);
    }

    public static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    public static Rule rule(Match match) {
        return new Rule(List.of(new Clause(List.of(match))));
    }

    public static AuthorizationPolicy allow(String name, SpiffeId caller) {
        return policy(name, Action.ALLOW, caller);
    }

    public static AuthorizationPolicy deny(String name, SpiffeId caller) {
        return policy(name, Action.DENY, caller);
    }

    private static AuthorizationPolicy policy(String name, Action action, SpiffeId caller) {
        Match match = Match.builder()
                .principals(List.of(new StringMatch.Exact(caller.toString().substring("spiffe://".length()))))
                .build();
        return new AuthorizationPolicy(
                new PolicyName("shop", name), Scope.WORKLOAD_SELECTOR, action, List.of(rule(match)), false);
    }

    /** A workload on node n1 at an address that serves {@link #API}. */
    public static Made workload(String uid, String... addresses) {
        return new Made(uid, addresses);
    }

    /** A workload while it is being made. */
    public static final class Made {
        private final String uid;
        private final List<InetAddress> addresses = new ArrayList<>();
        private final SortedMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        private final List<PolicyName> policies = new ArrayList<>();
        private final List<NodeDuties.Outbound> outbound = new ArrayList<>();
        private final List<NodeDuties.Inbound> inbound = new ArrayList<>();
        private Optional<RemoteAccess> remote = Optional.empty();
        private String node = "n1";
        private String account = "backend";
        private boolean healthy = true;

        private Made(String uid, String... addresses) {
            this.uid = uid;
            for (String address : addresses) {
                this.addresses.add(ip(address));
            }
        }

        public Made serving(ServiceName service, ServicePort... ports) {
            services.put(service, List.of(ports));
            return this;
        }

        public Made guardedBy(AuthorizationPolicy... by) {
            for (AuthorizationPolicy each : by) {
                policies.add(each.name());
            }
            return this;
        }

        public Made naming(String policy) {
            policies.add(PolicyName.parse(policy));
            return this;
        }

        public Made on(String otherNode) {
            node = otherNode;
            return this;
        }

        public Made as(String serviceAccount) {
            account = serviceAccount;
            return this;
        }

        public Made sick() {
            healthy = false;
            return this;
        }

        public Made imported(String endpointId, HostPort... gateways) {
            remote = Optional.of(new RemoteAccess(endpointId, List.of(gateways)));
            node = "";
            return this;
        }

        public Made out(HostPort listen, ServiceName service, int port) {
            outbound.add(new NodeDuties.Outbound(listen, service, port));
            return this;
        }

        public Made in(HostPort listen, int port) {
            inbound.add(new NodeDuties.Inbound(listen, port));
            return this;
        }

        public Workload make() {
            if (services.isEmpty()) {
                services.put(API, List.of());
            }
            boolean hasDuties = !outbound.isEmpty() || !inbound.isEmpty();
            return new Workload(
                    uid,
                    uid.substring(uid.lastIndexOf('/') + 1),
                    "shop",
                    account,
                    remote.isPresent() ? BERGEN : LUBECK,
                    new ClusterName(remote.isPresent() ? "bergen" : "lubeck"),
                    remote.isPresent() ? "bergen" : "lubeck",
                    node,
                    addresses,
                    Locality.UNKNOWN,
                    healthy,
                    1,
                    services,
                    policies,
                    remote,
                    hasDuties ? Optional.of(new NodeDuties(List.of(), outbound, inbound)) : Optional.empty());
        }
    }
}
