/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.bundle.TrustBundle;
import java.util.Optional;
import java.util.OptionalLong;

/** What a freshly fetched bundle may do to the one already held (Federation 4.2, Bundle 4.1.1). Pure. */
public final class FetchRules {

    private FetchRules() {}

    /** Judges {@code fetched} against {@code held}; both are of the same trust domain. */
    public static Judgement judge(Optional<TrustBundle> held, TrustBundle fetched) {
        if (held.isEmpty()) {
            return new Judgement.Replace(fetched);
        }
        TrustBundle before = held.get();
        boolean sameDocument = before.hasSameKeysAs(fetched)
                && before.refreshHint().equals(fetched.refreshHint())
                && before.sequence().equals(fetched.sequence());
        if (sameDocument) {
            return new Judgement.Keep();
        }
        OptionalLong old = before.sequence();
        OptionalLong now = fetched.sequence();
        if (old.isEmpty() || now.isEmpty()) {
            // Without a sequence to compare the newest fetch wins (Federation 4.2).
            return new Judgement.Replace(fetched);
        }
        if (now.getAsLong() < old.getAsLong()) {
            return new Judgement.RolledBack(old.getAsLong(), now.getAsLong());
        }
        if (now.getAsLong() == old.getAsLong() && !before.hasSameKeysAs(fetched)) {
            return new Judgement.SameSequence(fetched, now.getAsLong());
        }
        return new Judgement.Replace(fetched);
    }

    /** The outcome. */
    public sealed interface Judgement {

        /** Nothing new. */
        record Keep() implements Judgement {}

        /** The fetched bundle is the newest. */
        record Replace(TrustBundle bundle) implements Judgement {}

        /** Refused: older than what is held. The peer was rebuilt from an old state, or an old answer is replayed. */
        record RolledBack(long held, long fetched) implements Judgement {}

        /** Refused: larger than the one held, and the bundles of all peers take all the room there is. */
        record NoRoom() implements Judgement {}

        /**
         * Other keys under the same sequence, against Bundle 4.1.1. Taken all the same and reported: keeping the old
         * one would go on trusting a key that the peer may have withdrawn.
         */
        record SameSequence(TrustBundle bundle, long sequence) implements Judgement {}
    }
}
