/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.Secret;
import io.hanse.exchange.web.Body;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * The text form of an {@link Invitation}: {@code hanse1.<base64url JSON>.<first 16 hex digits of SHA-256 of the part
 * before>}. The checksum finds a text that was cut or mistyped; what proves an invitation genuine is the inviter.
 */
public final class InvitationText {

    /** Sixteen gateways with long names fit twice; a longer paste is something else. */
    static final int MAX_CHARACTERS = 16 << 10;

    private static final int VERSION = 1;
    private static final String PREFIX = "hanse1.";
    private static final int CHECKSUM_CHARACTERS = 16;
    private static final String COPY_AGAIN =
            "copy the whole text again, or ask for a new one: connect-clusters invite <cluster> (in the inviting cluster)";

    private InvitationText() {}

    /** Writes it. */
    public static String format(Invitation invitation) {
        String signedPart = signedPart(invitation);
        return signedPart + "." + checksum(signedPart);
    }

    /** Lower-case hex SHA-256 of the text before its checksum: tells one invitation's text from an altered one. */
    public static String fingerprint(Invitation invitation) {
        return Body.of(signedPart(invitation)).sha256();
    }

    /** Reads it; white space anywhere, as terminals and mail add it, is ignored. */
    public static Outcome<Invitation> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return new Refused<>(
                    RefusalCode.TOO_LARGE,
                    "This is not an invitation: %d characters are more than any has (at most %d)."
                            .formatted(text.length(), MAX_CHARACTERS),
                    COPY_AGAIN);
        }
        String compact = text.replaceAll("\\s", "");
        if (PREFIX.startsWith(compact) && !compact.isEmpty()) {
            return incomplete();
        }
        if (!compact.startsWith("hanse")) {
            return altered("an invitation starts with " + PREFIX);
        }
        if (!compact.startsWith(PREFIX)) {
            return refused(
                    RefusalCode.INVITATION_VERSION,
                    "it was made by a version of Hanse that this one does not understand");
        }
        int lastDot = compact.lastIndexOf('.');
        if (lastDot < PREFIX.length() || compact.length() - lastDot <= CHECKSUM_CHARACTERS) {
            return incomplete();
        }
        String signedPart = compact.substring(0, lastDot);
        if (!checksum(signedPart).equals(compact.substring(lastDot + 1))) {
            return altered("its checksum does not match; perhaps a part in its middle was lost");
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(signedPart.substring(PREFIX.length()));
            Form form = Json.read(json, Form.class);
            if (form.version() != VERSION) {
                return refused(
                        RefusalCode.INVITATION_VERSION,
                        "it was made by a version of Hanse that this one does not understand");
            }
            return new Done<>(form.value());
        } catch (JsonProcessingException | RuntimeException e) {
            return refused(RefusalCode.INVITATION_MALFORMED, "its content is not that of an invitation");
        }
    }

    private static String signedPart(Invitation invitation) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(Form.of(invitation)));
    }

    private static String checksum(String signedPart) {
        return Body.of(signedPart).sha256().substring(0, CHECKSUM_CHARACTERS);
    }

    private static Outcome<Invitation> refused(RefusalCode code, String why) {
        return new Refused<>(code, "This is not an invitation as it was made: %s.".formatted(why), COPY_AGAIN);
    }

    private static Outcome<Invitation> altered(String why) {
        return refused(RefusalCode.INVITATION_ALTERED, why);
    }

    private static Outcome<Invitation> incomplete() {
        return new Refused<>(
                RefusalCode.INVITATION_INCOMPLETE,
                "The end of this invitation is missing; only a part of it was copied.",
                COPY_AGAIN);
    }

    private record Form(
            int version,
            String id,
            String cluster,
            String trustDomain,
            List<String> gateways,
            String endpointSpiffeId,
            String bundleSha256,
            String secret,
            Instant expiresAt) {

        static Form of(Invitation invitation) {
            return new Form(
                    VERSION,
                    invitation.id(),
                    invitation.cluster().name(),
                    invitation.trustDomain().name(),
                    invitation.gateways().stream().map(HostPort::toString).toList(),
                    invitation.endpointId().toString(),
                    invitation.bundleSha256(),
                    invitation.secret().reveal(),
                    invitation.expiresAt());
        }

        Invitation value() {
            return new Invitation(
                    id,
                    new ClusterName(cluster),
                    new TrustDomain(trustDomain),
                    gateways.stream().map(HostPort::parse).toList(),
                    SpiffeId.parse(endpointSpiffeId),
                    bundleSha256,
                    Secret.parse(secret),
                    java.util.Objects.requireNonNull(expiresAt, "expiresAt"));
        }
    }
}
