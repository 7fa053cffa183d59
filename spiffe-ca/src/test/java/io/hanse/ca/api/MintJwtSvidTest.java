/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.hanse.ca.attest.Registrations.Standing;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.time.ManualClock;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MintJwtSvid over real TLS: who gets a token of whom. */
final class MintJwtSvidTest {

    private static final SpiffeId NODE = SystemIdentity.node(TestCa.TRUST_DOMAIN, "n1");
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web");
    private static final SpiffeId ELSEWHERE = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/elsewhere");

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();
    private LiveCa live;

    @BeforeEach
    void start() throws Exception {
        live = LiveCa.start(directory, clock);
        live.standing = (node, id) -> node.equals("n1") && id.equals(WEB) ? Standing.HERE : Standing.NOT_HERE;
    }

    @AfterEach
    void stop() {
        live.close();
    }

    @Test
    void mintsATokenForTheCallerAndForANodesWorkload() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        assertThat(mint(node, NODE.toString(), "audience").split("\\.", -1)).hasSize(3);
        assertThat(mint(node, WEB.toString(), "audience").split("\\.", -1)).hasSize(3);
    }

    @Test
    void aBannedNodeMintsNothingWithTheSvidsOfItsWorkloadsEither() throws Exception {
        X509Svid node = join(NODE);
        X509Svid web;
        try (CertificateClient client = live.client(node)) {
            web = client.impersonate(WEB, Duration.ZERO).svid();
        }
        assertThatThrownBy(() -> mint(live.channel(web), WEB.toString(), "a"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("PERMISSION_DENIED: WORKLOAD_RENEWAL");
        assertThat(mint(live.channel(node), WEB.toString(), "a")).isNotEmpty();
        live.banned.ban("n1");
        assertThatThrownBy(() -> mint(live.channel(node), WEB.toString(), "a")).hasMessageContaining("NODE_BANNED");
        assertThatThrownBy(() -> mint(live.channel(node), NODE.toString(), "a")).hasMessageContaining("NODE_BANNED");
        assertThatThrownBy(() -> mint(live.channel(web), WEB.toString(), "a")).hasMessageContaining("WORKLOAD_RENEWAL");
    }

    @Test
    void refusesTokensForOthersAndForStrangers() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        ManagedChannel gateway = live.channel(join(SystemIdentity.EAST_WEST_GATEWAY.in(TestCa.TRUST_DOMAIN)));
        assertThatThrownBy(() -> mint(node, ELSEWHERE.toString(), "a")).hasMessageContaining("NOT_REGISTERED_HERE");
        assertThatThrownBy(() -> mint(gateway, WEB.toString(), "a")).hasMessageContaining("NOT_A_NODE");
        assertThatThrownBy(() -> mint(live.stranger(), WEB.toString(), "a")).hasMessageContaining("NO_CREDENTIAL");
        assertThatThrownBy(() -> mint(node, WEB.toString(), "")).hasMessageContaining("AUDIENCE_MALFORMED");
    }

    private X509Svid join(SpiffeId id) throws CertificateRefused {
        return CertificateClient.join(live.token(id), clock).svid();
    }

    private static String mint(ManagedChannel channel, String id, String audience) {
        return SvidAuthorityGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LiveCa.DEADLINE)
                .mintJwtSvid(MintJwtSvidRequest.newBuilder()
                        .setSpiffeId(id)
                        .addAudience(audience)
                        .build())
                .getSvid();
    }
}
