/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Code that blocks, made part of a world with one thread: the world stands still while a fiber runs, and a fiber stands
 * still until the world resumes it.
 */
final class Fiber {

    private static final ThreadLocal<@Nullable Fiber> CURRENT = new ThreadLocal<>();

    private final Semaphore fiberMayRun = new Semaphore(0);
    private final Semaphore worldMayRun = new Semaphore(0);
    private @Nullable Object value;
    private @Nullable Throwable failure;

    private Fiber() {}

    /** Runs {@code body} until it ends or waits; throws what it throws. */
    static void run(Runnable body) {
        Fiber fiber = new Fiber();
        Thread.ofVirtual().start(() -> {
            CURRENT.set(fiber);
            try {
                body.run();
            } catch (Throwable thrown) {
                fiber.failure = thrown;
            } finally {
                fiber.worldMayRun.release();
            }
        });
        fiber.letRun();
    }

    /**
     * Waits, on a fiber, for what {@code arrange} has been promised.
     *
     * @param arrange is given the resumption, to be called once by an event of the world
     */
    static Object await(Consumer<Consumer<Object>> arrange) {
        Fiber fiber = CURRENT.get();
        if (fiber == null) {
            throw new IllegalStateException("this would block the world (expected: on a fiber)");
        }
        arrange.accept(result -> {
            fiber.value = result;
            fiber.fiberMayRun.release();
            fiber.letRun();
        });
        fiber.worldMayRun.release();
        fiber.fiberMayRun.acquireUninterruptibly();
        Object result = fiber.value;
        if (result == null || result instanceof Crashed) {
            throw new Crashed();
        }
        return result;
    }

    private void letRun() {
        worldMayRun.acquireUninterruptibly();
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case Crashed crashed -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }
}
