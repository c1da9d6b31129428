package io.contree.bench.sdk;

import io.contree.bench.server.ServerProcess;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Many runs by one client in this JVM, with what the JVM holds after each tenth of them. */
final class Endurance {
    private static final int AT_ONCE = 8;

    private final PrintStream out;
    private final ServerProcess server;
    private final String image;

    Endurance(PrintStream out, ServerProcess server, String image) {
        this.out = out;
        this.server = server;
        this.image = image;
    }

    void run(int runs) throws Exception {
        out.printf(
                Locale.ROOT,
                "%9s %9s %12s %9s %9s %9s%n",
                "runs",
                "failed",
                "heap KiB",
                "threads",
                "sockets",
                "seconds");
        try (Contree contree = Contree.builder()
                .baseUrl(server.uri().toString())
                .token(server.token())
                .build()) {
            Image start = contree.images().use(image);
            AtomicInteger failed = new AtomicInteger();
            long began = System.nanoTime();
            row(0, failed, began);
            for (int done = 0; done < runs; done += runs / 10) {
                tenth(start, runs / 10, failed);
                row(done + runs / 10, failed, began);
            }
        }
        row(runs, new AtomicInteger(), System.nanoTime());
    }

    private static void tenth(Image start, int count, AtomicInteger failed) throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        CountDownLatch left = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            String text = "run " + i;
            places.acquire();
            Thread.ofVirtual().start(() -> {
                try {
                    String said =
                            start.command("echo", text).disposable().execute().stdout();
                    failed.addAndGet(said.equals(text + "\n") ? 0 : 1);
                } catch (RuntimeException e) {
                    failed.incrementAndGet();
                } finally {
                    places.release();
                    left.countDown();
                }
            });
        }
        left.await();
    }

    private void row(int runs, AtomicInteger failed, long began) throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
        out.printf(
                Locale.ROOT,
                "%9d %9d %12d %9d %9d %9.0f%n",
                runs,
                failed.get(),
                heap,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                sockets(),
                (System.nanoTime() - began) / 1e9);
        out.flush();
    }

    private static long sockets() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(Endurance::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed in the meantime
        }
    }
}
