/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import java.time.Instant;
import java.util.Optional;

/** One authority in one of its states. Which moves lead from one to the other: {@link Roster}. */
public sealed interface Authority {

    /** Subject key identifier in lower-case hex. */
    String keyId();

    /** When it came into this state. */
    Instant since();

    /** Its key, as long as the trust domain has it. */
    Optional<AuthorityMaterial> kept();

    /**
     * Published, signs nothing yet (Federation 4.1: a key is seen before it signs).
     *
     * @param since when it was published
     */
    record Prepared(AuthorityMaterial material, Instant since) implements Authority {

        @Override
        public String keyId() {
            return material.keyId();
        }

        @Override
        public Optional<AuthorityMaterial> kept() {
            return Optional.of(material);
        }
    }

    /** Signs everything new. */
    record Active(AuthorityMaterial material, Instant since) implements Authority {

        @Override
        public String keyId() {
            return material.keyId();
        }

        @Override
        public Optional<AuthorityMaterial> kept() {
            return Optional.of(material);
        }
    }

    /** Signs nothing new; what it signed is still valid. */
    record Retiring(AuthorityMaterial material, Instant since) implements Authority {

        @Override
        public String keyId() {
            return material.keyId();
        }

        @Override
        public Optional<AuthorityMaterial> kept() {
            return Optional.of(material);
        }
    }

    /** Perhaps compromised: signs nothing, is still published, and whoever holds an SVID from it asks for a new one. */
    record Tainted(AuthorityMaterial material, Instant since) implements Authority {

        @Override
        public String keyId() {
            return material.keyId();
        }

        @Override
        public Optional<AuthorityMaterial> kept() {
            return Optional.of(material);
        }
    }

    /**
     * No longer published; the key is gone. Remembered so that its ID is never used again.
     *
     * @param revoked by command, rather than because nothing it signed was valid any more
     */
    record Retired(String keyId, Instant since, boolean revoked) implements Authority {

        @Override
        public Optional<AuthorityMaterial> kept() {
            return Optional.empty();
        }
    }
}
