/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.StateFile;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.runtime.files.StateMark;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether the state of this process is as new as it ever was, part by part, and how it goes on with older state when the
 * operator says so. Called by the wiring alone.
 */
final class StateAge {

    private static final String AUTHORITIES = "authorities.json";
    private static final String TOKENS = "join-tokens.json";
    private static final String BANS = "banned-nodes.json";
    private static final String ISSUED = "issued";

    private static final String LOSS =
            "authorities are as they were then, and one revoked since signs and is trusted again (rotate at once:"
                    + " connect-clusters authority prepare, activate --force, taint, revoke); nodes banned since must be"
                    + " banned again; holders of SVIDs from an authority made since join anew; join tokens are void";

    private final StateMark mark;

    StateAge(StateMark mark) {
        this.mark = mark;
    }

    void authorities(long version) {
        mark.raise(AUTHORITIES, version);
    }

    void tokens(long version) {
        mark.raise(TOKENS, version);
    }

    void bans(long version) {
        mark.raise(BANS, version);
    }

    /** By a timer, not for each signature: what the journal alone loses is at most what was signed since. */
    void issued(long count) {
        mark.raise(ISSUED, count);
    }

    /**
     * Judges what was found before anything in it is moved.
     *
     * @throws io.hanse.runtime.files.StateException if it is older and nobody has accepted that
     */
    void judge(
            Path state,
            StateFile file,
            KeyEncryptionKey kek,
            IssuanceJournal journal,
            JoinTokens tokens,
            BannedNodes banned) {
        Map<String, Long> found = Map.of(
                AUTHORITIES,
                file.version(),
                TOKENS,
                tokens.version(),
                BANS,
                banned.version(),
                ISSUED,
                journal.issued());
        switch (mark.judge(state, new TreeMap<>(found), LOSS)) {
            case LEVEL -> {}
            case OLDER_ACCEPTED -> {
                file.goBeyond(mark.of(AUTHORITIES), kek.id());
                tokens.voidAll(mark.of(TOKENS));
                banned.goBeyond(mark.of(BANS));
                journal.goBeyond(mark.of(ISSUED));
                authorities(file.version());
                mark.settled();
            }
        }
    }
}
