/**
 * The bad-weather harness: standalone clusters as separate processes from the built distribution, on free loopback ranges
 * in a temporary folder, to be killed, restarted, cut off and looked at. Tests and programs may call; any thread, calls
 * block with deadlines. What a cluster is made of comes from the command's own rooms ({@code io.hanse.cli.directory},
 * {@code .run}, {@code .control}); starting and steering processes is written here and nowhere else in {@code tests}.
 *
 * <p>Begin with {@link io.hanse.tests.cluster.World}. Absent on purpose: JUnit, and any class of the five processes.
 */
@NullMarked
package io.hanse.tests.cluster;

import org.jspecify.annotations.NullMarked;
