/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.cli.run.Child;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Installed;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watch that the kept demo runs under does find what it looks for. */
final class LoopAgentTest {

    /** What {@link Sleeper} is told to do on an event loop. */
    private static final String SLEEP = "sleep";

    @TempDir
    private Path work;

    @Test
    void aProcessWhoseLoopSleepsIsFoundWithTheStack() throws Exception {
        assertThat(foundIn(SLEEP)).contains("java.lang.Thread.sleep").contains("LoopAgentTest$Sleeper.sleep");
    }

    @Test
    void aProcessWhoseLoopDoesNotBlockIsWatchedAndNothingIsFound() throws Exception {
        assertThat(foundIn("nothing")).isEmpty();
    }

    private String foundIn(String deed) throws Exception {
        LoopAgent watch = new LoopAgent(work.resolve("watch"));
        Child child = Installed.java(work.resolve("out"), watch.flags(), Sleeper.class, deed);
        try {
            assertThat(child.awaitEnd(Await.PATIENCE)).isTrue();
        } finally {
            child.kill();
        }
        assertThat(child.exitValue()).as(child.lastLines()).isZero();
        assertThat(watch.found()).containsOnlyKeys(child.pid());
        return String.join("", watch.found().values());
    }

    /** A process with one event loop. */
    static final class Sleeper {

        private Sleeper() {}

        public static void main(String[] arguments) throws Exception {
            EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            loop.submit(() -> {
                        if (arguments[0].equals(SLEEP)) {
                            sleep();
                        }
                    })
                    .sync();
            loop.shutdownGracefully().sync();
        }

        private static void sleep() {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
