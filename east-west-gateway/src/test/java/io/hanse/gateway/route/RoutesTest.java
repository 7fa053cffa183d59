/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.route;

import static io.hanse.gateway.Catalogs.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.gateway.Catalogs;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutesTest {

    private static final ServiceName LEDGER = new ServiceName("shop", "ledger");
    private static final Workload ONE = Catalogs.local("bergen/one", "127.0.9.1");
    private static final Workload TWO = Catalogs.local("bergen/two", "127.0.9.2");
    private static final Workload SICK = Catalogs.unhealthy("bergen/sick", "127.0.9.3");
    private static final Workload IMPORTED = Catalogs.imported("visby/three", "127.0.9.4");
    private static final Workload HOMELESS = Catalogs.local("bergen/homeless", "");

    private static final CatalogImage IMAGE = CatalogImage.of(
            List.of(Catalogs.service(API, true), Catalogs.service(LEDGER, false)),
            List.of(ONE, TWO, SICK, IMPORTED, HOMELESS),
            List.of());
    private final Routes routes = new Routes(15008, new SplittableRandom(3));
    private CatalogImage image = CatalogImage.empty();

    RoutesTest() {
        publish(IMAGE);
    }

    private void publish(CatalogImage next) {
        routes.publish(next, image.changesTo(next));
        image = next;
    }

    @Test
    void anEndpointsIdLeadsToItsOwnProxyAndToNoOther() {
        for (Workload endpoint : List.of(ONE, TWO)) {
            assertThat(routes.of(Catalogs.authority(endpoint, API, 80)))
                    .isEqualTo(new NextHop.Endpoint(
                            API,
                            endpoint,
                            new InetSocketAddress(endpoint.addresses().getFirst(), 15008)));
        }
    }

    @Test
    void anEndpointsIdIsKnownAsLongAsTheEndpoint() {
        String authority = Catalogs.authority(ONE, API, 80);
        Workload moved = Catalogs.local("bergen/one", "127.0.9.7");
        publish(CatalogImage.of(List.of(Catalogs.service(API, true)), List.of(moved, TWO), List.of()));
        assertThat(routes.of(authority))
                .isEqualTo(new NextHop.Endpoint(
                        API, moved, new InetSocketAddress(moved.addresses().getFirst(), 15008)));
        publish(CatalogImage.of(List.of(Catalogs.service(API, true)), List.of(TWO), List.of()));
        assertNowhere(authority, 503, ReasonCode.NO_ENDPOINT);
        publish(CatalogImage.of(
                List.of(Catalogs.service(API, true), Catalogs.service(LEDGER, true)), List.of(ONE), List.of()));
        assertNowhere(Catalogs.authority(ONE, LEDGER, 80), 503, ReasonCode.NO_ENDPOINT);
        assertThat(routes.of(authority)).isInstanceOf(NextHop.Endpoint.class);
    }

    @Test
    @DisplayName("Istio's form: the plain host name draws among the healthy endpoints that run here")
    void theServicesNameAloneDrawsAHealthyEndpoint() {
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            drawn.add(((NextHop.Endpoint) routes.of(API.hostname() + ":80"))
                    .workload()
                    .uid());
        }
        assertThat(drawn).containsExactlyInAnyOrder("bergen/one", "bergen/two");
    }

    @Test
    void weightsOfAnySizeCanBeDrawn() {
        publish(CatalogImage.of(
                List.of(Catalogs.service(API, true)),
                List.of(
                        Catalogs.weighing("a", "127.0.9.1", Integer.MAX_VALUE),
                        Catalogs.weighing("b", "127.0.9.2", Integer.MAX_VALUE)),
                List.of()));
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            drawn.add(((NextHop.Endpoint) routes.of(API.hostname() + ":80"))
                    .workload()
                    .uid());
        }
        assertThat(drawn).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void anUnknownServiceLeadsNowhere() {
        assertNowhere("nothing.shop.svc.cluster.local:80", 503, ReasonCode.UNKNOWN_SERVICE);
    }

    @Test
    @DisplayName("a service that is not exported is refused by name and by endpoint id alike")
    void aServiceThatIsNotExportedIsRefused() {
        assertNowhere(LEDGER.hostname() + ":80", 401, ReasonCode.NOT_EXPORTED);
        assertNowhere(Catalogs.authority(ONE, LEDGER, 80), 401, ReasonCode.NOT_EXPORTED);
    }

    @Test
    void aPortThatTheServiceLacksLeadsNowhere() {
        assertNowhere(API.hostname() + ":8080", 503, ReasonCode.UNKNOWN_SERVICE);
        assertNowhere(Catalogs.authority(ONE, API, 15008), 503, ReasonCode.UNKNOWN_SERVICE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api",
                ":80",
                "api.shop.svc.cluster.local",
                "api.shop.svc.cluster.local:",
                "api.shop.svc.cluster.local:0",
                "api.shop.svc.cluster.local:-1",
                "api.shop.svc.cluster.local:65536",
                "api.shop.svc.cluster.local:http",
                "api.shop.svc.cluster.local:80:80",
                "api.shop.svc.cluster.local.:80",
                "API.shop.svc.cluster.local:80",
                "api.shop@evil.svc.cluster.local:80",
                "api.shop.svc.cluster.local/x:80",
                "api.shop:80",
                "a.b.c.d.svc.cluster.local:80",
                ".svc.cluster.local:80"
            })
    void amalformedAuthorityIsABadRequest(String authority) {
        assertNowhere(authority, 400, ReasonCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @DisplayName("an address is never an answer: loopback, metadata, private, IPv6, odd spellings of 127.0.0.1")
    @ValueSource(
            strings = {
                "127.0.0.1:80",
                "127.0.9.1:80",
                "127.1:80",
                "2130706433:80",
                "0x7f000001:80",
                "0.0.0.0:80",
                "localhost:80",
                "169.254.169.254:80",
                "metadata.google.internal:80",
                "10.0.0.1:15008",
                "[::1]:80",
                "[::ffff:127.0.0.1]:80",
                "[fd00:ec2::254]:80"
            })
    void anAddressIsNeverAnAnswer(String authority) {
        assertNowhere(authority, 400, ReasonCode.BAD_REQUEST);
    }

    @Test
    @DisplayName("invariant 5: a peer's peer is not reached through us, also if it is imported with an address")
    void anImportedEndpointIsNeverAnAnswer() {
        assertNowhere(Catalogs.authority(IMPORTED, API, 80), 503, ReasonCode.NO_ENDPOINT);
        assertNowhere("0123456789abcdef." + API.hostname() + ":80", 503, ReasonCode.NO_ENDPOINT);
    }

    @Test
    void anEndpointThatIsGoneOrHasNoAddressLeadsNowhere() {
        assertNowhere("fedcba9876543210." + API.hostname() + ":80", 503, ReasonCode.NO_ENDPOINT);
        assertNowhere(Catalogs.authority(HOMELESS, API, 80), 503, ReasonCode.NO_ENDPOINT);
    }

    @Test
    void aServiceWithoutHealthyEndpointsLeadsNowhereByName() {
        publish(CatalogImage.of(List.of(Catalogs.service(API, true)), List.of(SICK), List.of()));
        assertNowhere(API.hostname() + ":80", 503, ReasonCode.NO_ENDPOINT);
    }

    @Test
    void aServiceMayBeNamedLikeAnEndpointId() {
        ServiceName odd = new ServiceName("shop", "0123456789abcdef");
        publish(CatalogImage.of(List.of(Catalogs.service(odd, false)), List.of(), List.of()));
        assertNowhere(odd.hostname() + ":80", 401, ReasonCode.NOT_EXPORTED);
    }

    @Test
    void aProbeIsAnswered() {
        assertThat(routes.of("probe.hanse.internal:15021")).isEqualTo(new NextHop.Probe());
        assertNowhere("probe.hanse.internal:15022", 400, ReasonCode.BAD_REQUEST);
    }

    private void assertNowhere(String authority, int status, ReasonCode reason) {
        assertThat(routes.of(authority)).as(authority).isEqualTo(new NextHop.Nowhere(status, reason));
    }
}
