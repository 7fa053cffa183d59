/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import java.util.List;

/**
 * The state file.
 *
 * @param format of this file; another number is refused
 * @param trustDomain whose authorities these are; another one is refused
 * @param version grows with every change; a restored old copy shows itself by a lower one
 * @param kek ID of the key-encryption key that sealed the keys
 */
public record StoredState(int format, String trustDomain, long version, String kek, List<StoredAuthority> authorities) {

    public static final int FORMAT = 1;

    public StoredState {
        authorities = List.copyOf(authorities);
    }
}
