/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static io.hanse.registry.imports.ImportsTest.endpoint;
import static io.hanse.registry.imports.ImportsTest.offered;
import static io.hanse.registry.imports.ImportsTest.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.Resource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is judged again when a peer tells something else, and what is not. */
final class ImportCheckTest {

    private static final ServiceName API = new ServiceName("shop", "api");
    private static final ServiceName WEB = new ServiceName("shop", "web");

    private final ImportCheck check = new ImportCheck(new Relationship(
            new TrustDomain("bergen.example"), new ClusterName("bergen"), List.of(new HostPort("127.0.0.1", 15008))));

    private static List<Workload> used(ImportCheck.Outcome outcome) {
        return outcome.imported().workloads();
    }

    /** The same words as other objects, as they come back from the replicas' store. */
    private static List<Resource> readAgain(Resource... resources) throws InvalidProtocolBufferException {
        ToldResources told = new ToldResources();
        told.apply(List.of(resources), List.of());
        return List.copyOf(ToldResources.of(told.toBytes()).all());
    }

    @Test
    void onlyWhatDiffersIsJudgedAgain() throws Exception {
        Resource one = resource(endpoint("b-1", API));
        Resource two = resource(endpoint("b-2", API));
        Resource evil = resource(endpoint("evil", API).setTrustDomain("lubeck.example"));
        ImportCheck.Outcome first = check.check(List.of(offered(API), one, two, evil));

        ImportCheck.Outcome second = check.check(
                readAgain(offered(API), one, resource(endpoint("b-2", API).setServiceAccount("other")), evil));

        assertThat(used(first)).hasSize(2);
        assertThat(used(second)).hasSize(2);
        assertThat(used(second).getFirst())
                .as("not judged again")
                .isSameAs(used(first).getFirst());
        assertThat(used(second).getLast().serviceAccount()).isEqualTo("other");
        assertThat(second.refusals().shown().getFirst())
                .as("not judged again")
                .isSameAs(first.refusals().shown().getFirst());
    }

    @Test
    void whatDiffersIsJudgedAgainUnderTheSameVersionToo() {
        Resource good = resource(endpoint("b-1", API));
        Resource bad = resource(endpoint("b-1", API).setTrustDomain("lubeck.example"));
        assertThat(bad.getVersion()).isEqualTo(good.getVersion());
        assertThat(used(check.check(List.of(offered(API), good)))).hasSize(1);

        ImportCheck.Outcome outcome = check.check(List.of(offered(API), bad));

        assertThat(used(outcome)).isEmpty();
        assertThat(outcome.refusals().byReason()).containsOnlyKeys(ReasonCode.IMPORT_TRUST_DOMAIN);
    }

    @Test
    void anEndpointThatStaysIsUsedAsItsServicesComeAndGo() {
        Resource both = resource(endpoint("b-1", API, WEB));
        Workload whole =
                used(check.check(List.of(offered(API), offered(WEB), both))).getFirst();
        assertThat(whole.services()).containsOnlyKeys(API, WEB);

        ImportCheck.Outcome less = check.check(List.of(offered(WEB), both));
        assertThat(used(less).getFirst().services()).containsOnlyKeys(WEB);
        assertThat(less.refusals().byReason()).containsEntry(ReasonCode.IMPORT_NOT_EXPORTED, 1);

        ImportCheck.Outcome none = check.check(List.of(both));
        assertThat(used(none)).isEmpty();
        assertThat(none.refusals().byReason()).containsEntry(ReasonCode.IMPORT_NOT_EXPORTED, 2);

        assertThat(used(check.check(List.of(offered(API), offered(WEB), both))))
                .singleElement()
                .isSameAs(whole);
    }

    /** Our cluster is called lubeck and our namespace shop; a peer may call its trust domain so, too. */
    @ParameterizedTest
    @CsvSource({"lubeck, hanse.io/Workload/shop/api-1", "shop, api.shop.svc.cluster.local"})
    void aPeerWhoseTrustDomainIsCalledAsSomethingOfOursReplacesNothing(String trustDomain, String uid) {
        Catalog catalog = new Catalog(
                new ClusterFacts(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), "lubeck"),
                new ManualClock(Instant.EPOCH));
        catalog.sourceChanged(
                ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.1")));
        Workload ours = catalog.current().image().endpointsOf(API).getFirst();
        TrustDomain peer = new TrustDomain(trustDomain);
        ImportCheck.Outcome outcome = new ImportCheck(
                        new Relationship(peer, new ClusterName("x"), List.of(new HostPort("127.0.0.1", 1))))
                .check(List.of(
                        offered(API), resource(endpoint("x", API).setUid(uid).setTrustDomain(trustDomain))));
        assertThat(used(outcome)).extracting(Workload::uid).containsExactly(trustDomain + "//" + uid);

        catalog.imported(outcome.imported());
        assertThat(catalog.current().image().endpointsOf(API)).hasSize(2).contains(ours);
        catalog.withdrawn(peer);
        assertThat(catalog.current().image().endpointsOf(API)).containsExactly(ours);
    }

    @Test
    void whatLeavesIsForgotten() {
        Resource one = resource(endpoint("b-1", API));
        Workload before = used(check.check(List.of(offered(API), one))).getFirst();
        assertThat(used(check.check(List.of(offered(API))))).isEmpty();

        assertThat(used(check.check(List.of(offered(API), one))))
                .singleElement()
                .isEqualTo(before)
                .as("kept for nobody meanwhile")
                .isNotSameAs(before);
    }
}
