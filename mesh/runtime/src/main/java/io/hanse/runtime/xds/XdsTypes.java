/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.hanse.model.catalog.ServiceName;
import io.hanse.wire.xds.Resource;
import java.io.IOException;
import java.util.HexFormat;

/** Type URLs, names and versions of resources. */
public final class XdsTypes {

    /** Workloads and services. */
    public static final String ADDRESS = "type.googleapis.com/istio.workload.Address";
    /** Authorization policies. */
    public static final String AUTHORIZATION = "type.googleapis.com/istio.security.Authorization";
    /** The one DNS domain of all clusters' services (KEP-1645 namespace sameness). */
    public static final String CLUSTER_DOMAIN = "cluster.local";

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private XdsTypes() {}

    /** {@code namespace/hostname}. */
    public static String resourceName(ServiceName service) {
        return service.namespace() + "/" + service.hostname();
    }

    /** A resource whose version is the hash of its content: equal content, equal version, on every replica. */
    static Resource resource(String typeUrl, String name, MessageLite message) {
        ByteString bytes = deterministicBytes(message);
        return Resource.newBuilder()
                .setName(name)
                .setVersion(version(bytes))
                .setResource(Any.newBuilder().setTypeUrl(typeUrl).setValue(bytes))
                .build();
    }

    /** FNV-1a, 64 bits, as 16 hex digits. Not a secret and no proof: it only says "the same as before". */
    static String version(ByteString bytes) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < bytes.size(); i++) {
            hash = (hash ^ (bytes.byteAt(i) & 0xff)) * FNV_PRIME;
        }
        return HexFormat.of().toHexDigits(hash);
    }

    /** Map entries sorted: protobuf's usual order of them changes between runs. */
    private static ByteString deterministicBytes(MessageLite message) {
        ByteString.Output out = ByteString.newOutput(message.getSerializedSize());
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            coded.useDeterministicSerialization();
            message.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory refused to be written", e);
        }
        return out.toByteString();
    }
}
