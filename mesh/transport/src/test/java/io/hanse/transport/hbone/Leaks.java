/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Turns Netty's leak detector up to its most suspicious and keeps what it finds. */
public final class Leaks {

    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    private Leaks() {}

    /** To be called before any buffer is made: from a static initialiser of each test. */
    public static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @Deprecated
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int sampling, long most) {
                return detector(resource, sampling);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int sampling) {
                return detector(resource, sampling);
            }
        });
    }

    private static <T> ResourceLeakDetector<T> detector(Class<T> resource, int sampling) {
        return new ResourceLeakDetector<>(resource, sampling) {
            @Override
            protected void reportTracedLeak(String type, String records) {
                FOUND.add(type + records);
            }

            @Override
            protected void reportUntracedLeak(String type) {
                FOUND.add(type);
            }
        };
    }

    /** What leaked so far; collects garbage first, since a leak shows when its handle is gone. */
    public static List<String> found() {
        System.gc();
        // The next allocation makes the detector look at what the collector found.
        io.netty.buffer.PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        return List.copyOf(FOUND);
    }
}
