/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** An open file; keeps the bytes that it was opened on, whatever becomes of the name. */
final class SimFileChannel extends PlainChannel {

    private final SimDisk disk;
    private final String path;
    private final SimDisk.Content content;
    private int position;

    SimFileChannel(SimDisk disk, String path, SimDisk.Content content) {
        this.disk = disk;
        this.path = path;
        this.content = content;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long from) {
        int left = content.now.length - (int) from;
        if (left <= 0) {
            return -1;
        }
        int count = Math.min(left, target.remaining());
        target.put(content.now, (int) from, count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        int count = source.remaining();
        byte[] next = Arrays.copyOf(content.now, Math.max(content.now.length, (int) to + count));
        source.get(next, (int) to, count);
        disk.write(path, content, next);
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = (int) next;
        return this;
    }

    @Override
    public long size() {
        return content.now.length;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        if (size < content.now.length) {
            disk.write(path, content, Arrays.copyOf(content.now, (int) size));
        }
        position = Math.min(position, (int) size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.sync(path, content);
    }
}
