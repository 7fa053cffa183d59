/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.google.protobuf.Value;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.hanse.ca.issuance.Csr;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.ca.IstioCertificateRequest;
import io.hanse.wire.ca.IstioCertificateServiceGrpc;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Requests for certificates with one thing wrong: the token, the right, or the certification request. */
final class RequestForgeries {

    /**
     * A call of CreateCertificate.
     *
     * @param svid shown in mutual TLS
     * @param bearers one authorization header each
     * @param impersonated whom a node asks for
     */
    record Ask(Optional<TestSvid> svid, List<String> bearers, Optional<String> impersonated, String csr) {

        Ask with(String otherCsr) {
            return new Ask(svid, bearers, impersonated, otherCsr);
        }
    }

    /** How a call is made for a spiffe-ca. */
    @FunctionalInterface
    interface Call extends Function<LiveAuthority, Ask> {}

    private static final String GOOD = pem(der(Keys.EC, Keys.EC, "SHA256withECDSA"));

    private final List<Forgery<Call>> all = new ArrayList<>();

    private RequestForgeries() {}

    static List<Forgery<Call>> all() {
        RequestForgeries list = new RequestForgeries();
        list.tokens();
        list.requests();
        list.rights();
        return List.copyOf(list.all);
    }

    /** A stranger with a join token. */
    static Ask joining(LiveAuthority authority) {
        return new Ask(
                Optional.empty(),
                List.of("Bearer " + authority.joinSecret(Duration.ofMinutes(10))),
                Optional.empty(),
                GOOD);
    }

    /** A node that asks for the workload that runs on it. */
    static Ask impersonating(LiveAuthority authority) {
        return new Ask(
                Optional.of(authority.target().svid()),
                List.of(),
                Optional.of(LiveAuthority.WORKLOAD.toString()),
                GOOD);
    }

    /** spiffe-ca: CreateCertificate. */
    static Door<Call> door(LiveAuthority authority) {
        return TokenDoors.door("CreateCertificate", call -> answer(authority, call.apply(authority)), () -> {});
    }

    private static ReasonCode answer(LiveAuthority authority, Ask ask) {
        ManagedChannel channel = GrpcChannels.to(
                        new HostPort("127.0.0.1", authority.address().getPort()),
                        identity(ask, authority),
                        SystemIdentity.SPIFFE_CA.in(ServerDoors.LUBECK))
                .open();
        Metadata headers = new Metadata();
        ask.bearers()
                .forEach(bearer ->
                        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), bearer));
        IstioCertificateRequest.Builder request =
                IstioCertificateRequest.newBuilder().setCsr(ask.csr());
        ask.impersonated()
                .ifPresent(id -> request.getMetadataBuilder()
                        .putFields(
                                "ImpersonatedIdentity",
                                Value.newBuilder().setStringValue(id).build()));
        try {
            IstioCertificateServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .createCertificate(request.build());
            return ReasonCode.OK;
        } catch (StatusRuntimeException e) {
            return ClientDoor.codeOf(String.valueOf(e.getStatus().getDescription()));
        } finally {
            channel.shutdownNow();
        }
    }

    private static MeshIdentity identity(Ask ask, LiveAuthority authority) {
        SvidCell cell = new SvidCell();
        ask.svid().map(RequestForgeries::held).ifPresent(cell::publish);
        return new MeshIdentity(cell, authority.serverTrust(), ServerDoors.CLOCK);
    }

    private static X509Svid held(TestSvid svid) {
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(String rule, String name, ReasonCode expected, Call call) {
        all.add(new Forgery<>(name, rule, expected, call));
    }

    private void tokens() {
        add(
                "house",
                "no credential",
                ReasonCode.NO_CREDENTIAL,
                authority -> new Ask(Optional.empty(), List.of(), Optional.empty(), GOOD));
        add(
                "house",
                "a token nobody made",
                ReasonCode.JOIN_TOKEN_UNKNOWN,
                authority -> bearer("Bearer " + "A".repeat(43)));
        add(
                "house",
                "an endless token",
                ReasonCode.JOIN_TOKEN_UNKNOWN,
                authority -> bearer("Bearer " + "A".repeat(9_000)));
        add(
                "house",
                "a token that is no bearer's",
                ReasonCode.NO_CREDENTIAL,
                authority -> bearer("Basic " + authority.joinSecret(Duration.ofMinutes(10))));
        add("house", "two tokens", ReasonCode.NO_CREDENTIAL, authority -> {
            String one = "Bearer " + authority.joinSecret(Duration.ofMinutes(10));
            return new Ask(Optional.empty(), List.of(one, one), Optional.empty(), GOOD);
        });
        add(
                "house",
                "an expired token",
                ReasonCode.JOIN_TOKEN_EXPIRED,
                authority -> bearer("Bearer " + authority.joinSecret(Duration.ZERO)));
        add("house", "a token used before", ReasonCode.JOIN_TOKEN_USED, authority -> {
            Ask ask = joining(authority);
            if (answer(authority, ask) != ReasonCode.OK) {
                throw new AssertionError("the first use was refused");
            }
            return ask;
        });
        add("house", "a token for somebody else", ReasonCode.NOT_A_NODE, authority -> {
            Ask ask = joining(authority);
            return new Ask(ask.svid(), ask.bearers(), Optional.of(LiveAuthority.WORKLOAD.toString()), ask.csr());
        });
    }

    private void csr(String rule, String name, ReasonCode expected, String csr) {
        add(rule, name, expected, authority -> joining(authority).with(csr));
    }

    private void requests() {
        byte[] good = der(Keys.EC, Keys.EC, "SHA256withECDSA");
        byte[] altered = good.clone();
        altered[Bytes.indexOf(good, "ignored".getBytes(java.nio.charset.StandardCharsets.US_ASCII))] = 'I';
        csr(
                "RFC 2986 3",
                "signed by another key",
                ReasonCode.CSR_SIGNATURE,
                pem(der(Keys.EC, io.hanse.model.testing.TestAuthority.ecKeys("secp256r1"), "SHA256withECDSA")));
        csr("RFC 2986 3", "changed after signing", ReasonCode.CSR_SIGNATURE, pem(altered));
        csr(
                "house",
                "an RSA key of 1024 bits",
                ReasonCode.CSR_KEY_WEAK,
                pem(der(Keys.RSA_1024, Keys.RSA_1024, "SHA256withRSA")));
        csr("house", "an Ed25519 key", ReasonCode.CSR_KEY_WEAK, pem(der(Keys.ED25519, Keys.ED25519, "Ed25519")));
        csr("house", "a P-521 key", ReasonCode.CSR_KEY_WEAK, pem(der(Keys.EC_521, Keys.EC_521, "SHA512withECDSA")));
        csr("house", "signed with SHA-1", ReasonCode.CSR_ALGORITHM, pem(der(Keys.EC, Keys.EC, "SHA1withECDSA")));
        csr("RFC 2986", "nothing", ReasonCode.CSR_MALFORMED, "");
        csr("RFC 2986", "no PEM", ReasonCode.CSR_MALFORMED, "hello");
        csr("RFC 7468", "another label", ReasonCode.CSR_MALFORMED, GOOD.replace("CERTIFICATE REQUEST", "CERTIFICATE"));
        csr(
                "RFC 7468",
                "labels that differ",
                ReasonCode.CSR_MALFORMED,
                GOOD.replace("END CERTIFICATE REQUEST", "END CERTIFICATE"));
        csr("RFC 7468", "two requests", ReasonCode.CSR_MALFORMED, GOOD + GOOD);
        csr("RFC 7468", "something after it", ReasonCode.CSR_MALFORMED, GOOD + "x");
        csr("RFC 7468", "a character beyond Base64", ReasonCode.CSR_MALFORMED, GOOD.replaceFirst("MI", "M*I"));
        csr("RFC 2986", "a request cut short", ReasonCode.CSR_MALFORMED, pem(Arrays.copyOf(good, good.length - 4)));
        csr("RFC 2986", "bytes after the request", ReasonCode.CSR_MALFORMED, pem(Arrays.copyOf(good, good.length + 2)));
        csr("house", "larger than any", ReasonCode.CSR_TOO_LARGE, GOOD + "\n".repeat(Csr.MAX_CHARACTERS));
    }

    private void right(String rule, String name, ReasonCode expected, String impersonated) {
        add(rule, name, expected, authority -> {
            Ask ask = impersonating(authority);
            return new Ask(ask.svid(), ask.bearers(), Optional.of(impersonated), ask.csr());
        });
    }

    private void rights() {
        right(
                "house",
                "a workload of another node",
                ReasonCode.NOT_REGISTERED_HERE,
                "spiffe://lubeck.example/ns/shop/sa/another");
        right(
                "WL-4.6",
                "a workload of another trust domain",
                ReasonCode.FOREIGN_TRUST_DOMAIN,
                "spiffe://bergen.example/ns/shop/sa/api");
        right(
                "house",
                "a process of Hanse's own",
                ReasonCode.RESERVED_IDENTITY,
                "spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca");
        right("house", "another node", ReasonCode.RESERVED_IDENTITY, "spiffe://lubeck.example/hanse/node/b");
        right("ID-2.2", "an ID that is none", ReasonCode.IDENTITY_MALFORMED, "spiffe://lubeck.example/ns//sa/api");
        right("X509-3.1a", "an ID without a path", ReasonCode.IDENTITY_MALFORMED, "spiffe://lubeck.example");
        add(
                "house",
                "a workload that renews itself",
                ReasonCode.WORKLOAD_RENEWAL,
                authority -> new Ask(Optional.of(workload(authority)), List.of(), Optional.empty(), GOOD));
        add(
                "house",
                "a workload that asks for another",
                ReasonCode.NOT_A_NODE,
                authority -> new Ask(
                        Optional.of(workload(authority)), List.of(), Optional.of(LiveAuthority.WORKLOAD + "-2"), GOOD));
    }

    private static TestSvid workload(LiveAuthority authority) {
        return authority.target().issuing().svid(new SpiffeId(ServerDoors.LUBECK, "/ns/shop/sa/web"));
    }

    private static Ask bearer(String header) {
        return new Ask(Optional.empty(), List.of(header), Optional.empty(), GOOD);
    }

    private static byte[] der(KeyPair named, KeyPair signer, String algorithm) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ignored"), named.getPublic())
                    .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }
}
