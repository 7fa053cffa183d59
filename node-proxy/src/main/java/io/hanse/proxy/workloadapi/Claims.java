/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims of a token as a protobuf Struct (Workload API 6.2.3). */
final class Claims {

    private Claims() {}

    static Struct struct(Map<?, ?> claims) {
        Struct.Builder struct = Struct.newBuilder();
        claims.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
        return struct.build();
    }

    private static Value value(@Nullable Object claim) {
        Value.Builder value = Value.newBuilder();
        return switch (claim) {
            case null -> value.setNullValue(NullValue.NULL_VALUE).build();
            case Boolean truth -> value.setBoolValue(truth).build();
            case Number number -> value.setNumberValue(number.doubleValue()).build();
            case Map<?, ?> map -> value.setStructValue(struct(map)).build();
            case List<?> list -> {
                ListValue.Builder values = ListValue.newBuilder();
                list.forEach(each -> values.addValues(value(each)));
                yield value.setListValue(values).build();
            }
            default -> value.setStringValue(claim.toString()).build();
        };
    }
}
