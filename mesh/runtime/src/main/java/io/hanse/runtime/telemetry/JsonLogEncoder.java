/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hanse.runtime.control.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines as flat JSON objects: {@code time}, {@code level}, {@code logger}, {@code message}, then the keys of the
 * event.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = new byte[0];

    /** As long as most lines are; longer ones grow. */
    private static final int LINE_BYTES = 512;

    private static final Set<String> OWN_KEYS = Set.of("level", "logger", "message");

    private final boolean bare;

    /** @param bare only the time and the keys, for lines whose keys say it all (the access log) */
    JsonLogEncoder(boolean bare) {
        this.bare = bare;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(LINE_BYTES);
        try (JsonGenerator line = Json.mapper().createGenerator(bytes)) {
            line.writeStartObject();
            line.writeStringField("time", event.getInstant().toString());
            if (!bare) {
                line.writeStringField("level", event.getLevel().toString());
                line.writeStringField("logger", event.getLoggerName());
                line.writeStringField("message", event.getFormattedMessage());
            }
            if (event.getKeyValuePairs() != null) {
                writeKeys(line, event.getKeyValuePairs());
            }
            if (event.getThrowableProxy() != null) {
                line.writeStringField("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            line.writeEndObject();
            line.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array was written as a stream that fails", e);
        }
        return bytes.toByteArray();
    }

    /** The first of two pairs with one key counts, as its reader would expect of a log line's own keys. */
    private void writeKeys(JsonGenerator line, List<KeyValuePair> pairs) throws IOException {
        for (int i = 0; i < pairs.size(); i++) {
            KeyValuePair pair = pairs.get(i);
            if (isTaken(pair.key) || isRepeated(pairs, i)) {
                continue;
            }
            line.writeFieldName(pair.key);
            switch (pair.value) {
                case Integer number -> line.writeNumber(number);
                case Long number -> line.writeNumber(number);
                case Number number -> line.writePOJO(number);
                case Boolean truth -> line.writeBoolean(truth);
                case null -> line.writeString("null");
                default -> line.writeString(pair.value.toString());
            }
        }
    }

    private boolean isTaken(String key) {
        return key.equals("time") || !bare && OWN_KEYS.contains(key);
    }

    private static boolean isRepeated(List<KeyValuePair> pairs, int at) {
        for (int i = 0; i < at; i++) {
            if (pairs.get(i).key.equals(pairs.get(at).key)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
