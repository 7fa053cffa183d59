/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.testing.Until;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.trust.Relationship;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GatewayAddressesTest {

    private static final HostPort NAMED = new HostPort("gateway.bergen.example", 15008);

    @Test
    @DisplayName("while DNS hangs nobody queues behind who waits for it, and what they wanted is looked up after it")
    void nobodyQueuesBehindDns() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger lookedUp = new AtomicInteger();
        GatewayAddresses gateways = new GatewayAddresses(host -> {
            lookedUp.incrementAndGet();
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Nouns.ip("127.0.4.1");
        });
        gateways.publish(List.of(new Relationship(Nouns.BERGEN, new ClusterName("bergen"), List.of(NAMED))));
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> gateways.refresh(CatalogImage::empty));
        asked.await();
        for (int change = 0; change < 1_000; change++) {
            gateways.refresh(CatalogImage::empty);
        }
        assertThat(lookedUp).hasValue(1);
        answer.countDown();
        Until.done(first);
        assertThat(lookedUp).hasValue(2);
        assertThat(gateways.of(NAMED)).contains(new InetSocketAddress(Nouns.ip("127.0.4.1"), NAMED.port()));
    }
}
