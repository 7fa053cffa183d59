/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.HeaderField;
import io.hanse.transport.h2.ResponseHead;
import io.hanse.transport.h2.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One CONNECT of a client from its head to the answer, within {@link HboneLimits#answer()}. */
final class Asking implements StreamListener {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;

    /** Hears the answer, once, on the event loop. */
    interface Listener {
        /** 200. The stream needs a new listener now, unless {@code ended}: then it is over. */
        void accepted(H2Stream stream, boolean ended);

        /**
         * Anything else.
         *
         * @param untouched the peer never looked at the request: it may be sent again on another connection
         */
        void refused(OpenOutcome outcome, boolean untouched);
    }

    private final EventLoop loop;
    private final HboneLimits limits;
    private final Hop hop;
    private final Listener listener;
    private @Nullable H2Stream stream;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    Asking(EventLoop loop, HboneLimits limits, Hop hop, Listener listener) {
        this.loop = loop;
        this.limits = limits;
        this.hop = hop;
        this.listener = listener;
    }

    void ask(PooledConnection connection, String authority, List<HeaderField> fields, boolean end) {
        if (connection.h2().availableStreams() == 0) {
            fail(ReasonCode.DRAINING, "connection is being drained", true);
            return;
        }
        deadline = loop.schedule(this::late, limits.answer().toNanos(), TimeUnit.NANOSECONDS);
        stream = connection.h2().open(authority, fields, end, this);
    }

    /** Nobody waits for the answer any more. */
    void abandon() {
        if (!done) {
            finish();
            if (stream != null) {
                stream.reset(H2Code.CANCEL);
            }
        }
    }

    @Override
    public void answered(ResponseHead head, boolean ended) {
        H2Stream asked = stream;
        if (done || asked == null) {
            return;
        }
        finish();
        if (head.status() == OK) {
            if (ended) {
                asked.end();
            }
            listener.accepted(asked, ended);
        } else {
            if (ended) {
                asked.end();
            } else {
                asked.reset(H2Code.CANCEL);
            }
            listener.refused(new OpenOutcome.Refused(hop, head.status(), reasonOf(head), policyOf(head)), false);
        }
    }

    @Override
    public void data(ByteBuf chunk) {
        chunk.release();
    }

    @Override
    public void inputEnded() {
        // Follows the answer only.
    }

    @Override
    public void writable() {
        // Nothing is written before the answer.
    }

    @Override
    public void failed(H2Code code, ReasonCode reason) {
        fail(reason, "stream ended with " + code, code == H2Code.REFUSED_STREAM);
    }

    private void late() {
        if (!done && stream != null) {
            stream.reset(H2Code.CANCEL);
        }
        fail(ReasonCode.IDLE_TIMEOUT, "no answer to CONNECT in time", false);
    }

    private void fail(ReasonCode reason, String detail, boolean untouched) {
        if (!done) {
            finish();
            listener.refused(new OpenOutcome.Failed(hop, reason, detail), untouched);
        }
    }

    private void finish() {
        done = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private static ReasonCode reasonOf(ResponseHead head) {
        String said = single(head, HboneHeaders.REASON).orElse("");
        for (ReasonCode each : ReasonCode.values()) {
            if (each.name().equals(said) && each != ReasonCode.OK) {
                return each;
            }
        }
        return switch (head.status()) {
            case UNAUTHORIZED -> ReasonCode.DENIED_BY_POLICY;
            case UNAVAILABLE -> ReasonCode.UPSTREAM_CONNECT_FAILED;
            case BAD_REQUEST -> ReasonCode.BAD_REQUEST;
            default -> ReasonCode.PROTOCOL_ERROR;
        };
    }

    private static Optional<PolicyName> policyOf(ResponseHead head) {
        try {
            return single(head, HboneHeaders.POLICY).map(PolicyName::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> single(ResponseHead head, String name) {
        return new RequestHeaders(head.fields()).single(name);
    }
}
