/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {

    @Test
    void agreesWithATreeMapOverRandomChanges() {
        Random random = new Random(7);
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        for (int step = 0; step < 20_000; step++) {
            int key = random.nextInt(500);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                model.remove(key);
            } else {
                map = map.with(key, step);
                model.put(key, step);
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.find(key)).isEqualTo(model.get(key));
            if (step % 500 == 0) {
                assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(model.entrySet()));
                assertThat(map).isEqualTo(model);
            }
        }
        assertThat(map.firstKey()).isEqualTo(model.firstKey());
        assertThat(map.lastKey()).isEqualTo(model.lastKey());
        assertThat(map.headMap(100)).isEqualTo(model.headMap(100));
        assertThat(map.tailMap(100)).isEqualTo(model.tailMap(100));
        assertThat(map.subMap(100, 200)).isEqualTo(model.subMap(100, 200));
    }

    @Test
    void survivesSortedInsertionAndRemoval() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 100_000; i++) {
            map = map.with(i, i);
        }
        assertThat(map.size()).isEqualTo(100_000);
        for (int i = 0; i < 99_999; i++) {
            map = map.without(i);
        }
        assertThat(map).containsExactly(java.util.Map.entry(99_999, 99_999));
    }

    @Test
    void leavesOlderMapsAsTheyWere() {
        PersistentMap<String, Integer> one =
                PersistentMap.<String, Integer>empty().with("a", 1);
        PersistentMap<String, Integer> two = one.with("a", 2).with("b", 3);
        assertThat(one).containsExactly(java.util.Map.entry("a", 1));
        assertThat(two.without("a")).containsExactly(java.util.Map.entry("b", 3));
        assertThat(two.without("c")).isSameAs(two);
        assertThatThrownBy(() -> one.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> one.remove("a")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void hasNoFirstKeyWhenEmpty() {
        PersistentMap<String, Integer> empty = PersistentMap.empty();
        assertThatThrownBy(empty::firstKey).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(empty::lastKey).isInstanceOf(NoSuchElementException.class);
        assertThat(empty.without("a")).isEmpty();
    }
}
