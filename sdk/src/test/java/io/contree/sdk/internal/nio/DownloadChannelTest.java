package io.contree.sdk.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadChannelTest {
    private static final byte[] CONTENT = content();

    private final AtomicInteger downloads = new AtomicInteger();
    private final AtomicInteger fetched = new AtomicInteger();

    private static byte[] content() {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private InputStream download() {
        downloads.incrementAndGet();
        return new ByteArrayInputStream(CONTENT) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                int read = super.read(into, offset, length);
                fetched.addAndGet(Math.max(read, 0));
                return read;
            }
        };
    }

    private SeekableByteChannel open() {
        return new DownloadChannel(download(), CONTENT.length, this::download, closed -> {});
    }

    @Test
    void readsAndJumpsAsAFileOfTheJdkDoes(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("file"), CONTENT);
        SeededRandom.forAll(20, random -> {
            try (SeekableByteChannel expected = Files.newByteChannel(file);
                    SeekableByteChannel channel = open()) {
                for (int step = 0; step < 30; step++) {
                    step(random, expected, channel);
                }
            }
        });
    }

    private static void step(SeededRandom random, SeekableByteChannel expected, SeekableByteChannel channel)
            throws IOException {
        if (random.between(0, 2) == 0) {
            int position = random.between(0, CONTENT.length + 10);
            expected.position(position);
            channel.position(position);
        }
        ByteBuffer one = ByteBuffer.allocate(random.between(0, 100_000));
        ByteBuffer two = ByteBuffer.allocate(one.capacity());
        readFully(expected, one);
        readFully(channel, two);
        assertThat(two.flip()).isEqualTo(one.flip());
        assertThat(channel.position()).isEqualTo(expected.position());
        assertThat(channel.size()).isEqualTo(expected.size());
    }

    private static void readFully(SeekableByteChannel channel, ByteBuffer into) throws IOException {
        int read = channel.read(into);
        while (into.hasRemaining() && read >= 0) {
            read = channel.read(into);
        }
    }

    @Test
    void fetchesNoMoreThanIsReadAndNothingTwice() throws IOException {
        try (SeekableByteChannel channel = open()) {
            channel.position(100_000);
            channel.read(ByteBuffer.allocate(10));
            channel.position(5);
            channel.read(ByteBuffer.allocate(10));
        }
        assertThat(downloads).hasValue(1);
        assertThat(fetched.get()).isLessThan(200_000);
    }

    @Test
    void aDownloadThatEndsTooSoonIsNoEndOfFile() throws IOException {
        InputStream half = new ByteArrayInputStream(CONTENT, 0, 1000);
        try (SeekableByteChannel channel = new DownloadChannel(half, CONTENT.length, this::download, closed -> {})) {
            readFullyUntil(channel, 1000);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(EOFException.class);
        }
    }

    private static void readFullyUntil(SeekableByteChannel channel, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        readFully(channel, into);
        assertThat(into.hasRemaining()).isFalse();
    }

    @Test
    void isClosedOnceAndRefusesWhatItCannot() throws IOException {
        AtomicInteger told = new AtomicInteger();
        SeekableByteChannel channel =
                new DownloadChannel(download(), CONTENT.length, this::download, closed -> told.incrementAndGet());
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
        channel.close();
        channel.close();
        assertThat(told).hasValue(1);
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
    }
}
