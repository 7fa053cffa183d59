/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import java.time.Instant;

/**
 * A farewell still to be said: this side has already left, the other does not know.
 *
 * @param relationship as it was
 * @param lastBundle the other's bundle as it was, to recognise its endpoint once more; trusted for nothing else
 * @param until when to give up
 */
public record Farewell(Relationship relationship, PeerBundle lastBundle, Instant until) {}
