/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A directory opened for the one thing that a directory is opened for: to sync its names. */
final class SimDirectoryChannel extends PlainChannel {

    private final SimDisk disk;
    private final String path;

    SimDirectoryChannel(SimDisk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.syncDirectory(path);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        throw new IOException("Is a directory");
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        throw new IOException("Is a directory");
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public FileChannel position(long next) {
        return this;
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        throw new IOException("Is a directory");
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        throw new IOException("Is a directory");
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        throw new IOException("Is a directory");
    }
}
