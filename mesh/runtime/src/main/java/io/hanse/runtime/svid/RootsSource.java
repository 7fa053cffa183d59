/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.transport.tls.BundleSource;
import java.time.Instant;

/** The own trust domain's roots as spiffe-ca or a join token gave them: enough to reach the exchange and hear the rest. */
public interface RootsSource extends BundleSource {

    /** When they were heard; {@link Instant#MIN} if nothing was heard yet. */
    Instant learnedAt();
}
