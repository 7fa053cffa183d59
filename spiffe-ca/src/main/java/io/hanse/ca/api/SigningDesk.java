/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.StatusRuntimeException;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.Claim;
import io.hanse.ca.attest.Refusal;
import io.hanse.ca.attest.Verdict;
import io.hanse.ca.issuance.Csr;
import io.hanse.ca.issuance.IssuedSvid;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.issuance.SigningGate;
import io.hanse.ca.issuance.SvidRequest;
import io.hanse.ca.journal.SignedEntry;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.grpc.Caller;
import io.hanse.runtime.telemetry.LogKeys;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a call for an SVID goes through its stations: rate, place, right, key, token, signature. Cheap refusals come
 * first; a join token is used up last, when nothing else can go wrong.
 */
final class SigningDesk {

    private static final Logger LOG = LoggerFactory.getLogger(SigningDesk.class);

    private final Admission admission;
    private final Issuer issuer;
    private final SigningGate gate;
    private final CallerLimits limits;
    private final CryptoProvider crypto;
    private final CaMetrics metrics;
    private final Refusals refusals;

    SigningDesk(
            Admission admission,
            Issuer issuer,
            SigningGate gate,
            CallerLimits limits,
            CryptoProvider crypto,
            CaMetrics metrics,
            Refusals refusals) {
        this.admission = admission;
        this.issuer = issuer;
        this.gate = gate;
        this.limits = limits;
        this.crypto = crypto;
        this.metrics = metrics;
        this.refusals = refusals;
    }

    /**
     * Signs an X.509-SVID for the caller of the current call.
     *
     * @throws StatusRuntimeException for every refusal
     */
    IssuedSvid certificate(Claim claim, String csr, Duration wanted) {
        return inTurn(() -> {
            Verdict.Granted looked = granted(admission.forCertificate(claim));
            PublicKey key = switch (Csr.read(csr, crypto)) {
                case Csr.Outcome.Accepted accepted -> accepted.key();
                case Csr.Outcome.Refused refused -> throw refusals.of(refused.refusal());
            };
            Verdict.Granted granted = granted(admission.confirm(claim, looked));
            IssuedSvid issued = metrics.timed(
                    SignedEntry.Kind.X509_SVID,
                    () -> issuer.issue(
                            issuer.prepare(new SvidRequest(granted.id(), key, wanted, granted.requester()))));
            LOG.atInfo()
                    .addKeyValue(LogKeys.EVENT, "ca.issued")
                    .addKeyValue(LogKeys.SPIFFE_ID, granted.id())
                    .addKeyValue("requester", granted.requester())
                    .addKeyValue(
                            LogKeys.SERIAL,
                            issued.chain().getFirst().getSerialNumber().toString(16))
                    .log("issued an X.509-SVID");
            return issued;
        });
    }

    /**
     * Signs a JWT-SVID for the caller of the current call.
     *
     * @throws StatusRuntimeException for every refusal
     */
    String token(String wanted, List<String> audience) {
        return inTurn(() -> {
            Verdict.Granted granted = granted(admission.forToken(Caller.current(), wanted));
            Optional<Refusal> malformed = Issuer.judge(audience);
            if (malformed.isPresent()) {
                throw refusals.of(malformed.get());
            }
            return metrics.timed(
                    SignedEntry.Kind.JWT_SVID, () -> issuer.mintJwt(granted.id(), audience, granted.requester()));
        });
    }

    private <T> T inTurn(Supplier<T> work) {
        Optional<SpiffeId> caller = Caller.current();
        boolean admitted = caller.isPresent()
                ? limits.admit(caller.get().toString(), CallerLimits.PROVED)
                : limits.admit(addressOf(Caller.details()), CallerLimits.STRANGER);
        if (!admitted) {
            throw refusals.of(
                    new Refusal(Refusal.Code.RATE_LIMIT, "this caller asks too often; ask again in a second"));
        }
        if (!gate.enter()) {
            throw refusals.of(new Refusal(
                    Refusal.Code.CONCURRENCY_LIMIT,
                    "too many signatures are in the making; ask again in a few seconds"));
        }
        try {
            return work.get();
        } finally {
            gate.leave();
        }
    }

    private Verdict.Granted granted(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted granted -> granted;
            case Verdict.Denied denied -> throw refusals.of(denied.refusal());
        };
    }

    private static String addressOf(Caller caller) {
        return caller.address().orElse(null) instanceof InetSocketAddress address
                ? "address " + address.getAddress()
                : "address unknown";
    }
}
