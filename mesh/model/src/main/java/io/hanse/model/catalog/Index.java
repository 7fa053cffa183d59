/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which entries go by a key that is not their name: several per key, sorted by name. Persistent like the maps that it is
 * made of; an entry added or removed costs log(keys) + log(entries of that key).
 *
 * @param <K> what is looked up
 * @param <N> the entries' name
 * @param <V> the entries
 */
final class Index<K, N extends Comparable<N>, V> {

    private final PersistentMap<K, Bucket<N, V>> buckets;

    private Index(PersistentMap<K, Bucket<N, V>> buckets) {
        this.buckets = buckets;
    }

    static <K, N extends Comparable<N>, V> Index<K, N, V> empty(Comparator<? super K> order) {
        return new Index<>(PersistentMap.empty(order));
    }

    /** What goes by {@code key}, sorted by name. */
    List<V> get(K key) {
        Bucket<N, V> bucket = buckets.find(key);
        return bucket == null ? List.of() : bucket.list();
    }

    /** The first by name of what goes by {@code key}. */
    Optional<V> first(K key) {
        Bucket<N, V> bucket = buckets.find(key);
        return bucket == null ? Optional.empty() : Optional.ofNullable(bucket.entries.get(bucket.entries.firstKey()));
    }

    Index<K, N, V> with(Collection<? extends K> keys, N name, V value) {
        PersistentMap<K, Bucket<N, V>> changed = buckets;
        for (K key : keys) {
            Bucket<N, V> bucket = changed.find(key);
            PersistentMap<N, V> entries = bucket == null ? PersistentMap.empty() : bucket.entries;
            changed = changed.with(key, new Bucket<>(entries.with(name, value)));
        }
        return new Index<>(changed);
    }

    Index<K, N, V> without(Collection<? extends K> keys, N name) {
        PersistentMap<K, Bucket<N, V>> changed = buckets;
        for (K key : keys) {
            Bucket<N, V> bucket = changed.find(key);
            if (bucket != null) {
                PersistentMap<N, V> entries = bucket.entries.without(name);
                changed = entries.isEmpty() ? changed.without(key) : changed.with(key, new Bucket<>(entries));
            }
        }
        return new Index<>(changed);
    }

    private static final class Bucket<N extends Comparable<N>, V> {

        private final PersistentMap<N, V> entries;
        /** Made when first asked for; two threads may make it twice, and make the same. */
        private volatile @Nullable List<V> list;

        Bucket(PersistentMap<N, V> entries) {
            this.entries = entries;
        }

        List<V> list() {
            List<V> made = list;
            if (made == null) {
                made = List.copyOf(entries.values());
                list = made;
            }
            return made;
        }
    }
}
