/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Connection;
import io.hanse.model.policy.Decision;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import io.hanse.model.reason.ReasonCode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CatalogImageTest {

    private static final TrustDomain TD = new TrustDomain("lubeck.example");
    private static final ServiceName API = ServiceName.parse("shop/api");
    private static final ServiceName WEB = ServiceName.parse("shop/web");

    @Test
    void findsEntriesByEveryIndex() {
        Workload one = workload("u1", "n1", "10.0.0.1", API);
        Workload two = workload("u2", "n1", "10.0.0.2", API, WEB);
        Workload remote = workload("u3", "", "", API);
        CatalogImage image = CatalogImage.of(List.of(service(API, "240.0.0.1")), List.of(two, remote, one), List.of());
        assertThat(image.endpointsOf(API)).containsExactly(one, two, remote);
        assertThat(image.endpointsOf(WEB)).containsExactly(two);
        assertThat(image.endpointsOf(ServiceName.parse("shop/none"))).isEmpty();
        assertThat(image.byAddress(InetAddress.ofLiteral("10.0.0.2"))).contains(two);
        assertThat(image.byAddress(InetAddress.ofLiteral("10.0.0.3"))).isEmpty();
        assertThat(image.onNode("n1")).containsExactly(one, two);
        assertThat(image.onNode("")).isEmpty();
        assertThat(image.serviceByAddress(InetAddress.ofLiteral("240.0.0.1"))).contains(service(API, "240.0.0.1"));
        assertThat(image.service(API)).isPresent();
        assertThat(image.workload("u3")).contains(remote);
        assertThat(image.workloads().firstKey()).isEqualTo("u1");
    }

    @Test
    void keepsBothOwnersOfAnAddressAndShowsTheFirst() {
        Workload one = workload("u1", "n1", "10.0.0.1", API);
        Workload two = workload("u2", "n1", "10.0.0.1", API);
        CatalogImage image = CatalogImage.of(List.of(), List.of(two, one), List.of());
        InetAddress address = InetAddress.ofLiteral("10.0.0.1");
        assertThat(image.byAddress(address)).contains(one);
        assertThat(image.apply(CatalogDelta.builder().removeWorkload("u1").build())
                        .byAddress(address))
                .contains(two);
    }

    @Test
    void forgetsOldKeysOfAChangedWorkload() {
        CatalogImage before = CatalogImage.of(List.of(), List.of(workload("u1", "n1", "10.0.0.1", API)), List.of());
        Workload moved = workload("u1", "n2", "10.0.0.9", WEB);
        CatalogImage after = before.apply(CatalogDelta.builder().upsert(moved).build());
        assertThat(after.endpointsOf(API)).isEmpty();
        assertThat(after.byAddress(InetAddress.ofLiteral("10.0.0.1"))).isEmpty();
        assertThat(after.onNode("n1")).isEmpty();
        assertThat(after.endpointsOf(WEB)).containsExactly(moved);
        assertThat(before.endpointsOf(API)).hasSize(1);
    }

    @Test
    void isTheSameImageWhenNothingChanges() {
        Workload one = workload("u1", "n1", "10.0.0.1", API);
        CatalogImage image = CatalogImage.of(List.of(), List.of(one), List.of());
        assertThat(image.apply(CatalogDelta.none())).isSameAs(image);
        assertThat(image.apply(CatalogDelta.builder()
                        .upsert(one)
                        .removeWorkload("absent")
                        .removeService(API)
                        .build()))
                .isSameAs(image);
        assertThat(CatalogDelta.none().isEmpty()).isTrue();
    }

    @Test
    void removesBeforeItAdds() {
        Workload one = workload("u1", "n1", "10.0.0.1", API);
        CatalogImage image = CatalogImage.empty()
                .apply(CatalogDelta.builder().removeWorkload("u1").upsert(one).build());
        assertThat(image.workload("u1")).contains(one);
    }

    @Test
    void equalsAFreshImageAfterRandomDeltas() {
        Random random = new Random(11);
        CatalogImage image = CatalogImage.empty();
        SortedMap<String, Workload> model = new TreeMap<>();
        for (int step = 0; step < 2000; step++) {
            String uid = "u" + random.nextInt(60);
            CatalogDelta.Builder delta = CatalogDelta.builder();
            if (random.nextInt(3) == 0) {
                delta.removeWorkload(uid);
                model.remove(uid);
            } else {
                Workload workload = workload(
                        uid, "n" + random.nextInt(4), "10.0.0." + random.nextInt(8), random.nextBoolean() ? API : WEB);
                delta.upsert(workload);
                model.put(uid, workload);
            }
            image = image.apply(delta.build());
        }
        CatalogImage fresh = CatalogImage.of(List.of(), model.values(), List.of());
        assertThat(image).isEqualTo(fresh).hasSameHashCodeAs(fresh);
        for (ServiceName service : List.of(API, WEB)) {
            assertThat(image.endpointsOf(service)).isEqualTo(fresh.endpointsOf(service));
        }
        for (int i = 0; i < 8; i++) {
            InetAddress address = InetAddress.ofLiteral("10.0.0." + i);
            assertThat(image.byAddress(address)).isEqualTo(fresh.byAddress(address));
            assertThat(image.onNode("n" + i)).isEqualTo(fresh.onNode("n" + i));
        }
    }

    @Test
    void tellsTheChangeBetweenImages() {
        CatalogImage from = CatalogImage.of(
                List.of(service(API, "240.0.0.1")), List.of(workload("u1", "n1", "10.0.0.1", API)), List.of(deny()));
        CatalogImage to = CatalogImage.of(
                List.of(service(WEB, "240.0.0.1")), List.of(workload("u1", "n2", "10.0.0.1", API)), List.of());
        CatalogDelta change = from.changesTo(to);
        assertThat(change.removedServices()).containsExactly(API);
        assertThat(change.workloads()).hasSize(1);
        assertThat(change.removedPolicies()).containsExactly(deny().name());
        assertThat(from.apply(change)).isEqualTo(to);
        assertThat(to.changesTo(to).isEmpty()).isTrue();
    }

    @Test
    void gathersPoliciesByScope() {
        PolicyName named = new PolicyName("root", "named");
        Workload plain = workload("u1", "n1", "10.0.0.1", API);
        Workload naming = naming(plain, named);
        CatalogImage nothing = CatalogImage.of(List.of(), List.of(plain), List.of());
        assertThat(decide(nothing, plain)).isInstanceOf(Decision.Allowed.class);
        assertThat(decide(nothing, naming))
                .isEqualTo(new Decision.Denied(ReasonCode.POLICY_MISSING, Optional.of(named)));
        assertDeniedBy(new PolicyName("root", "all"), Scope.GLOBAL, plain, true);
        assertDeniedBy(new PolicyName("shop", "here"), Scope.NAMESPACE, plain, true);
        assertDeniedBy(new PolicyName("bank", "there"), Scope.NAMESPACE, plain, false);
        assertDeniedBy(named, Scope.WORKLOAD_SELECTOR, plain, false);
        for (Scope scope : Scope.values()) {
            assertDeniedBy(named, scope, naming, true);
        }
    }

    @Test
    void followsAPolicyThatChangesItsScope() {
        Workload plain = workload("u1", "n1", "10.0.0.1", API);
        PolicyName name = new PolicyName("shop", "p");
        CatalogImage image = CatalogImage.of(List.of(), List.of(plain), List.of(deny(name, Scope.GLOBAL)));
        CatalogImage narrowed = image.apply(CatalogDelta.builder()
                .upsert(deny(name, Scope.WORKLOAD_SELECTOR))
                .build());
        assertThat(decide(image, plain)).isInstanceOf(Decision.Denied.class);
        assertThat(decide(narrowed, plain)).isInstanceOf(Decision.Allowed.class);
        assertThat(decide(image.apply(CatalogDelta.builder().removePolicy(name).build()), plain))
                .isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void staysWholeAtAHundredThousandWorkloads() {
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            workloads.add(workload(
                    "lubeck/hanse.io/Workload/shop/w" + i,
                    "n" + i % 1000,
                    "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255),
                    ServiceName.parse("shop/s" + i % 10_000)));
        }
        CatalogImage image = CatalogImage.of(List.of(), workloads, List.of());
        int deltas = 1000;
        for (int i = 0; i < deltas; i++) {
            Workload old = workloads.get(i * 97);
            image = image.apply(CatalogDelta.builder()
                    .upsert(workload(
                            old.uid(), "moved", "10.200.0." + i % 250, ServiceName.parse("shop/s" + i % 10_000)))
                    .build());
        }
        assertThat(image.workloads()).hasSize(100_000);
        assertThat(image.onNode("moved")).hasSize(deltas);
    }

    private static void assertDeniedBy(PolicyName name, Scope scope, Workload workload, boolean denied) {
        CatalogImage image = CatalogImage.of(List.of(), List.of(workload), List.of(deny(name, scope)));
        assertThat(decide(image, workload)).isInstanceOf(denied ? Decision.Denied.class : Decision.Allowed.class);
    }

    @Test
    void aRefusalNamesThePolicyThatTheWorkloadNamesFirst() {
        AuthorizationPolicy mesh = allowNobody(new PolicyName("a", "mesh"), Scope.GLOBAL);
        AuthorizationPolicy namespace = allowNobody(new PolicyName("shop", "a-namespace"), Scope.NAMESPACE);
        AuthorizationPolicy named = allowNobody(new PolicyName("shop", "z-named"), Scope.WORKLOAD_SELECTOR);
        AuthorizationPolicy alsoNamed = allowNobody(new PolicyName("shop", "b-named"), Scope.WORKLOAD_SELECTOR);
        List<AuthorizationPolicy> all = List.of(mesh, namespace, named, alsoNamed);
        assertThat(refusing(all, List.of(named.name(), alsoNamed.name()))).contains(named.name());
        assertThat(refusing(all, List.of())).contains(namespace.name());
        assertThat(refusing(List.of(mesh), List.of())).contains(mesh.name());
    }

    private static Optional<PolicyName> refusing(List<AuthorizationPolicy> policies, List<PolicyName> named) {
        Workload workload = workload("w", "a", "127.0.0.2", named);
        return decide(CatalogImage.of(List.of(), List.of(workload), policies), workload)
                        instanceof Decision.Denied denied
                ? denied.policy()
                : Optional.empty();
    }

    private static AuthorizationPolicy allowNobody(PolicyName name, Scope scope) {
        return new AuthorizationPolicy(name, scope, Action.ALLOW, List.of(), false);
    }

    private static Decision decide(CatalogImage image, Workload workload) {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        return image.policySetOf(workload, TD)
                .decide(new Connection(
                        Optional.of(SpiffeId.ofServiceAccount(TD, "shop", "x")), loopback, loopback, 80));
    }

    private static AuthorizationPolicy deny() {
        return deny(new PolicyName("shop", "deny"), Scope.NAMESPACE);
    }

    private static AuthorizationPolicy deny(PolicyName name, Scope scope) {
        return new AuthorizationPolicy(name, scope, Action.DENY, List.of(new Rule(List.of())), false);
    }

    private static Service service(ServiceName name, String address) {
        return new Service(
                name,
                List.of(InetAddress.ofLiteral(address)),
                List.of(new ServicePort("", 80, 8080)),
                false,
                false,
                Affinity.NONE);
    }

    private static Workload workload(String uid, String node, String address, ServiceName... services) {
        return workload(uid, node, address, List.of(), services);
    }

    private static Workload naming(Workload workload, PolicyName policy) {
        return workload(
                workload.uid(),
                workload.node(),
                workload.addresses().getFirst().getHostAddress(),
                List.of(policy),
                workload.services().keySet().toArray(ServiceName[]::new));
    }

    private static Workload workload(
            String uid, String node, String address, List<PolicyName> policies, ServiceName... services) {
        SortedMap<ServiceName, List<ServicePort>> serving = new TreeMap<>();
        for (ServiceName service : services) {
            serving.put(service, List.of());
        }
        return new Workload(
                uid,
                uid.substring(uid.lastIndexOf('/') + 1),
                "shop",
                "api",
                TD,
                new ClusterName("lubeck"),
                "lubeck",
                node,
                address.isEmpty() ? List.of() : List.of(InetAddress.ofLiteral(address)),
                Locality.UNKNOWN,
                true,
                1,
                serving,
                policies,
                Optional.empty(),
                Optional.empty());
    }
}
