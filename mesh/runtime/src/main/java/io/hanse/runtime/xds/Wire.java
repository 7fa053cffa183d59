/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.hanse.wire.xds.Resource;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Parts that both codecs read. */
final class Wire {

    private Wire() {}

    static <M extends Message> M unpack(Resource resource, String typeUrl, Parser<M> parser) throws UnreadableResource {
        Any any = resource.getResource();
        if (!any.getTypeUrl().equals(typeUrl)) {
            throw new UnreadableResource("type %s (expected: %s)".formatted(any.getTypeUrl(), typeUrl));
        }
        return parse(any.getValue(), parser);
    }

    static <M extends Message> M parse(ByteString bytes, Parser<M> parser) throws UnreadableResource {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableResource("not a message of its type", e);
        }
    }

    static InetAddress address(ByteString bytes) throws UnreadableResource {
        try {
            return InetAddress.getByAddress(bytes.toByteArray());
        } catch (UnknownHostException e) {
            throw new UnreadableResource("address: %d bytes (expected: 4 or 16)".formatted(bytes.size()), e);
        }
    }

    static ByteString bytes(InetAddress address) {
        return ByteString.copyFrom(address.getAddress());
    }

    static int port(int value, String what) throws UnreadableResource {
        if (value < 1 || value > 65535) {
            throw new UnreadableResource(
                    "%s: %s (expected: 1 to 65535)".formatted(what, Integer.toUnsignedString(value)));
        }
        return value;
    }

    static String required(String value, String what) throws UnreadableResource {
        if (value.isEmpty()) {
            throw new UnreadableResource(what + ": empty");
        }
        return value;
    }

    static UnreadableResource unknown(String field, int number) {
        return new UnreadableResource("%s: value %d is not known here".formatted(field, number));
    }
}
