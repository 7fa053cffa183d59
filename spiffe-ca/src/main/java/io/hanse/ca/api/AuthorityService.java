/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.Refusal;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.Authority;
import io.hanse.runtime.grpc.Caller;
import io.hanse.wire.hanseca.Authority.State;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.MintJwtSvidResponse;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import io.hanse.wire.hanseca.WatchAuthoritiesRequest;
import io.hanse.wire.hanseca.WatchAuthoritiesResponse;
import java.util.Optional;

/** {@code hanse.ca.v1.SvidAuthority}: JWT-SVIDs, and the states of the X.509 authorities as they change. */
final class AuthorityService extends SvidAuthorityGrpc.SvidAuthorityImplBase {

    private final Authorities authorities;
    private final Admission admission;
    private final SigningDesk desk;
    private final PushStreams streams;
    private final Refusals refusals;

    AuthorityService(
            Authorities authorities, Admission admission, SigningDesk desk, PushStreams streams, Refusals refusals) {
        this.authorities = authorities;
        this.admission = admission;
        this.desk = desk;
        this.streams = streams;
        this.refusals = refusals;
    }

    @Override
    public void mintJwtSvid(MintJwtSvidRequest request, StreamObserver<MintJwtSvidResponse> answer) {
        String token = desk.token(request.getSpiffeId(), request.getAudienceList());
        answer.onNext(MintJwtSvidResponse.newBuilder().setSvid(token).build());
        answer.onCompleted();
    }

    @Override
    public void watchAuthorities(WatchAuthoritiesRequest request, StreamObserver<WatchAuthoritiesResponse> answer) {
        Optional<Refusal> refusal = admission.forWatching(Caller.current());
        if (refusal.isPresent()) {
            throw refusals.of(refusal.get());
        }
        Optional<Refusal> full = streams.begin(
                Caller.required(), (ServerCallStreamObserver<WatchAuthoritiesResponse>) answer, this::states);
        if (full.isPresent()) {
            throw refusals.of(full.get());
        }
    }

    private WatchAuthoritiesResponse states() {
        WatchAuthoritiesResponse.Builder response = WatchAuthoritiesResponse.newBuilder();
        for (Authority authority : authorities.image().x509().authorities()) {
            Optional<State> state = switch (authority) {
                case Authority.Prepared p -> Optional.of(State.PREPARED);
                case Authority.Active a -> Optional.of(State.ACTIVE);
                case Authority.Retiring r -> Optional.of(State.RETIRING);
                case Authority.Tainted t -> Optional.of(State.TAINTED);
                case Authority.Retired r -> Optional.empty();
            };
            state.ifPresent(known -> response.addX509(io.hanse.wire.hanseca.Authority.newBuilder()
                    .setKeyId(authority.keyId())
                    .setState(known)));
        }
        return response.build();
    }
}
