package io.contree.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A listener that keeps everything it hears. */
public class Recorder implements ProcessListener {
    private final CompletableFuture<Integer> pid = new CompletableFuture<>();
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final CompletableFuture<String> trouble = new CompletableFuture<>();
    private final Map<Stream, ByteArrayOutputStream> output = new EnumMap<>(Stream.class);
    private final Map<Stream, long[]> truncation = new EnumMap<>(Stream.class);

    @Override
    public void started(int number, int uid, int gid) {
        pid.complete(number);
    }

    @Override
    public void spawnFailed(String reason) {
        end("spawn failed: " + reason);
    }

    @Override
    public void output(Stream stream, byte[] bytes) {
        assertThat(trouble.isDone() || exit.isDone()).as("output after the end").isFalse();
        synchronized (this) {
            output.computeIfAbsent(stream, any -> new ByteArrayOutputStream()).writeBytes(bytes);
            notifyAll();
        }
    }

    @Override
    public synchronized void truncated(Stream stream, long emitted, long dropped) {
        truncation.put(stream, new long[] {emitted, dropped});
    }

    @Override
    public void exited(ExitStatus status) {
        exit.complete(status);
    }

    @Override
    public void lost(String reason) {
        end("lost: " + reason);
    }

    public ExitStatus exit() throws InterruptedException {
        return get(exit);
    }

    public int pid() throws InterruptedException {
        return get(pid);
    }

    /** Why it did not run or was not seen to end, with the name of the call before it. */
    public String trouble() throws InterruptedException {
        return get(trouble);
    }

    public synchronized byte[] bytes(Stream stream) {
        return output.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray();
    }

    public synchronized String stdout() {
        return new String(bytes(Stream.STDOUT), StandardCharsets.UTF_8);
    }

    public synchronized String stderr() {
        return new String(bytes(Stream.STDERR), StandardCharsets.UTF_8);
    }

    /** Bytes emitted and dropped, or null. */
    public synchronized long[] truncation(Stream stream) {
        return truncation.get(stream);
    }

    /** Waits until standard output has some text. */
    public synchronized void awaitOutput(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!stdout().contains(text)) {
            long left = deadline - System.nanoTime();
            assertThat(left)
                    .as("waiting for '%s' in '%s' '%s'", text, stdout(), stderr())
                    .isPositive();
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void end(String why) {
        trouble.complete(why);
        exit.completeExceptionally(new AssertionError(why));
        pid.completeExceptionally(new AssertionError(why));
    }

    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("nothing was heard for a minute", e);
        }
    }
}
