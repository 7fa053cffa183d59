/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.stub.StreamObserver;
import io.hanse.ca.attest.Claim;
import io.hanse.ca.issuance.IssuedSvid;
import io.hanse.runtime.grpc.Caller;
import io.hanse.transport.tls.Pem;
import io.hanse.wire.ca.IstioCertificateRequest;
import io.hanse.wire.ca.IstioCertificateResponse;
import io.hanse.wire.ca.IstioCertificateServiceGrpc;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code istio.v1.auth.IstioCertificateService/CreateCertificate}, as ztunnel and istio-agent speak it. Names inside the
 * CSR are ignored, like istiod does: the certificate names the caller, or whom a node impersonates. The answer's last
 * element is the roots of the own trust domain, several PEM blocks in one string.
 */
final class CertificateService extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {

    private static final String IMPERSONATED = "ImpersonatedIdentity";

    private final SigningDesk desk;

    CertificateService(SigningDesk desk) {
        this.desk = desk;
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> answer) {
        Claim claim = new Claim(Caller.current(), CallHeaders.current().bearer(), impersonated(request.getMetadata()));
        IssuedSvid issued =
                desk.certificate(claim, request.getCsr(), Duration.ofSeconds(request.getValidityDuration()));
        IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
        issued.chain().forEach(certificate -> response.addCertChain(Pem.format(certificate)));
        StringBuilder roots = new StringBuilder();
        issued.roots().forEach(root -> roots.append(Pem.format(root)));
        response.addCertChain(roots.toString());
        answer.onNext(response.build());
        answer.onCompleted();
    }

    private static Optional<String> impersonated(Struct metadata) {
        Value value = metadata.getFieldsMap().get(IMPERSONATED);
        return value == null || value.getStringValue().isEmpty()
                ? Optional.empty()
                : Optional.of(value.getStringValue());
    }
}
