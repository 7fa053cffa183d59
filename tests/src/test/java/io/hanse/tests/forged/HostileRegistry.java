/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.workload.Address;
import io.hanse.wire.workload.Port;
import io.hanse.wire.workload.PortList;
import io.hanse.wire.workload.Service;
import io.hanse.wire.workload.Workload;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A registry of visby with visby's genuine SVID, and whatever content it is told to send. */
final class HostileRegistry extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable {

    static final String ADDRESS = "type.googleapis.com/istio.workload.Address";
    static final ServiceName API = new ServiceName("shop", "api");

    private final BlockingQueue<StreamObserver<DeltaDiscoveryResponse>> streams = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeltaDiscoveryRequest> answers = new LinkedBlockingQueue<>();
    private final GrpcServer server;
    private long nonce;

    HostileRegistry(TestAuthority visby, BundleSource bundles) throws Exception {
        TestSvid svid = visby.svid(SystemIdentity.CLUSTER_REGISTRY.in(visby.trustDomain()));
        server = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        new MeshIdentity(
                                new SvidCell(X509Svid.of(svid.chain(), svid.key())), bundles, ServerDoors.CLOCK))
                .service(this)
                .build()
                .start();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", server.port());
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(StreamObserver<DeltaDiscoveryResponse> out) {
        streams.add(out);
        return new StreamObserver<>() {
            @Override
            public void onNext(DeltaDiscoveryRequest request) {
                if (!request.getResponseNonce().isEmpty()) {
                    answers.add(request);
                }
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }

    /** The subscriber's stream. */
    StreamObserver<DeltaDiscoveryResponse> subscriber() throws InterruptedException {
        StreamObserver<DeltaDiscoveryResponse> found = streams.poll(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (found == null) {
            throw new AssertionError("nobody subscribed");
        }
        return found;
    }

    /** Sends resources; what was refused of them, as the subscriber says in its NACK. */
    Optional<String> tell(StreamObserver<DeltaDiscoveryResponse> to, List<Resource> resources, List<String> removed)
            throws InterruptedException {
        String number = String.valueOf(++nonce);
        to.onNext(DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ADDRESS)
                .setNonce(number)
                .addAllResources(resources)
                .addAllRemovedResources(removed)
                .build());
        while (true) {
            DeltaDiscoveryRequest answer = answers.poll(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("not answered");
            }
            if (answer.getResponseNonce().equals(number)) {
                return answer.hasErrorDetail()
                        ? Optional.of(answer.getErrorDetail().getMessage())
                        : Optional.empty();
            }
        }
    }

    /** A service that visby exports. */
    static Resource offered(ServiceName name) {
        return resource(
                name.namespace() + "/" + name.hostname(),
                Address.newBuilder()
                        .setService(Service.newBuilder()
                                .setName(name.name())
                                .setNamespace(name.namespace())
                                .setHostname(name.hostname()))
                        .build());
    }

    /** A genuine endpoint of visby, before it is changed. */
    static Workload.Builder endpoint(String name) {
        return Workload.newBuilder()
                .setUid("visby/hanse.io/Workload/shop/" + name)
                .setName(name)
                .setNamespace("shop")
                .setServiceAccount("api")
                .setTrustDomain(ServerDoors.VISBY.name())
                .putServices(
                        API.namespace() + "/" + API.hostname(),
                        PortList.newBuilder()
                                .addPorts(Port.newBuilder().setServicePort(80).setTargetPort(8080))
                                .build());
    }

    static Resource resource(Workload.Builder workload) {
        return resource(
                workload.getUid(), Address.newBuilder().setWorkload(workload).build());
    }

    static Resource resource(String name, Address address) {
        return resource(name, ADDRESS, address.toByteString());
    }

    static Resource resource(String name, String type, ByteString value) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion("v1")
                .setResource(Any.newBuilder().setTypeUrl(type).setValue(value))
                .build();
    }

    @Override
    public void close() {
        server.stop();
    }
}
