/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.cluster;

/** Where a workload runs; an empty part is unknown. */
public record Locality(String region, String zone, String subzone) {

    /** Nothing known. */
    public static final Locality UNKNOWN = new Locality("", "", "");

    /** How many leading parts are known and equal: 0 to 3. */
    public int nearnessTo(Locality other) {
        if (region.isEmpty() || !region.equals(other.region)) {
            return 0;
        }
        if (zone.isEmpty() || !zone.equals(other.zone)) {
            return 1;
        }
        return subzone.isEmpty() || !subzone.equals(other.subzone) ? 2 : 3;
    }
}
