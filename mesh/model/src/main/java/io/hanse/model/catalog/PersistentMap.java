/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes: {@link #with} and {@link #without} give a new one that shares all but a path of about
 * log2(n) nodes (an AVL tree). Reads cost what a {@link TreeMap}'s do. Any thread.
 *
 * <p>{@link #subMap}, {@link #headMap} and {@link #tailMap} are copies, not views; nothing on a hot path asks for them.
 */
@SuppressWarnings("JdkObsolete") // NavigableMap's descending views are work nobody asked for.
final class PersistentMap<K, V> extends AbstractMap<K, V> implements SortedMap<K, V> {

    private final Comparator<? super K> order;
    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(Comparator<? super K> order, @Nullable Node<K, V> root, int size) {
        this.order = order;
        this.root = root;
        this.size = size;
    }

    private record Node<K, V>(
            K key,
            V value,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right,
            int height) {}

    /** A map of nothing, sorted as keys sort themselves. */
    static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(Comparator.naturalOrder(), null, 0);
    }

    /** A map of nothing, sorted by {@code order}. */
    static <K, V> PersistentMap<K, V> empty(Comparator<? super K> order) {
        return new PersistentMap<>(order, null, 0);
    }

    /** This map with {@code value} under {@code key}, in place of what was there. */
    PersistentMap<K, V> with(K key, V value) {
        boolean replaces = find(key) != null;
        return new PersistentMap<>(order, insert(root, key, value), replaces ? size : size + 1);
    }

    /** This map without {@code key}. */
    PersistentMap<K, V> without(K key) {
        return find(key) == null ? this : new PersistentMap<>(order, remove(root, key), size - 1);
    }

    /** What is under {@code key}, or null. */
    @Nullable
    V find(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int side = order.compare(key, node.key);
            if (side == 0) {
                return node.value;
            }
            node = side < 0 ? node.left : node.right;
        }
        return null;
    }

    @Override
    @SuppressWarnings("unchecked") // As SortedMap's law says: a key of another kind is a ClassCastException.
    public @Nullable V get(@Nullable Object key) {
        return key == null ? null : find((K) key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new InOrder<>(root);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public Comparator<? super K> comparator() {
        return order;
    }

    @Override
    public K firstKey() {
        Node<K, V> node = root;
        if (node == null) {
            throw new NoSuchElementException();
        }
        while (node.left != null) {
            node = node.left;
        }
        return node.key;
    }

    @Override
    public K lastKey() {
        Node<K, V> node = root;
        if (node == null) {
            throw new NoSuchElementException();
        }
        while (node.right != null) {
            node = node.right;
        }
        return node.key;
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        return Collections.unmodifiableSortedMap(copy().subMap(from, to));
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        return Collections.unmodifiableSortedMap(copy().headMap(to));
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        return Collections.unmodifiableSortedMap(copy().tailMap(from));
    }

    private SortedMap<K, V> copy() {
        SortedMap<K, V> copy = new TreeMap<>(order);
        copy.putAll(this);
        return copy;
    }

    private Node<K, V> insert(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null, 1);
        }
        int side = order.compare(key, node.key);
        if (side == 0) {
            return new Node<>(key, value, node.left, node.right, node.height);
        }
        return side < 0
                ? balanced(node, insert(node.left, key, value), node.right)
                : balanced(node, node.left, insert(node.right, key, value));
    }

    private @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int side = order.compare(key, node.key);
        if (side < 0) {
            return balanced(node, remove(node.left, key), node.right);
        }
        if (side > 0) {
            return balanced(node, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        Node<K, V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next, node.left, remove(node.right, next.key));
    }

    private static <K, V> int height(@Nullable Node<K, V> node) {
        return node == null ? 0 : node.height;
    }

    /** {@code middle}'s entry over two subtrees whose heights differ by two at most. */
    private static <K, V> Node<K, V> balanced(
            Node<K, V> middle, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left != null && left.height > height(right) + 1) {
            Node<K, V> inner = left.right;
            return inner == null || height(left.left) >= inner.height
                    ? node(left, left.left, node(middle, inner, right))
                    : node(inner, node(left, left.left, inner.left), node(middle, inner.right, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Node<K, V> inner = right.left;
            return inner == null || height(right.right) >= inner.height
                    ? node(right, node(middle, left, inner), right.right)
                    : node(inner, node(middle, left, inner.left), node(right, inner.right, right.right));
        }
        return node(middle, left, right);
    }

    private static <K, V> Node<K, V> node(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return new Node<>(entry.key, entry.value, left, right, 1 + Math.max(height(left), height(right)));
    }

    private static final class InOrder<K, V> implements Iterator<Map.Entry<K, V>> {

        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> from) {
            for (Node<K, V> node = from; node != null; node = node.left) {
                path.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            Node<K, V> node = path.pop();
            descend(node.right);
            return Map.entry(node.key, node.value);
        }
    }
}
