/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.ExchangeException.Code;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@link TokenMinter} that asks spiffe-ca over mutual TLS. */
public final class CaTokenMinter implements TokenMinter {

    /** spiffe-ca is next door and signs within a millisecond. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SpiffeId self;
    private final Supplier<ManagedChannel> channels;

    /**
     * A minter.
     *
     * @param self this exchange
     * @param channels to spiffe-ca, one for each token; farewells are rare
     */
    public CaTokenMinter(SpiffeId self, Supplier<ManagedChannel> channels) {
        this.self = self;
        this.channels = channels;
    }

    @Override
    public String mint(SpiffeId audience) {
        ManagedChannel channel = channels.get();
        try {
            return SvidAuthorityGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .mintJwtSvid(MintJwtSvidRequest.newBuilder()
                            .setSpiffeId(self.toString())
                            .addAudience(audience.toString())
                            .build())
                    .getSvid();
        } catch (StatusRuntimeException e) {
            throw new ExchangeException(
                    Code.TOKEN_NOT_MINTED,
                    "spiffe-ca minted no token (%s)".formatted(GrpcFailures.describe(e)),
                    "connect-clusters status",
                    e);
        } finally {
            channel.shutdownNow();
        }
    }
}
