/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/**
 * One field of a header block.
 *
 * @param name lower case
 * @param value as sent; one char per byte
 */
public record HeaderField(String name, String value) {}
