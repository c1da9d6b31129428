package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.linux.LinuxException;
import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.FileContent;
import io.contree.sdk.Image;
import io.contree.sdk.NotFoundException;
import io.contree.store.disk.Layout;
import io.contree.store.overlay.DiskUsage;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** A server under load with retention on: what it takes up on the disk and in memory does not grow. */
@LeakChecked
class LoadIT extends ServerSuite {
    private static final int MINUTES = Integer.getInteger("contree.load.minutes", 0);
    private static final int WORKERS = 3;
    private static final long SAMPLE_SECONDS = 5;
    /** Collections go on all the time in every other of these. */
    private static final long WINDOW_SECONDS = 15;

    private static final long MIB = 1 << 20;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private final List<Long> quiet = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> collected = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong collections = new AtomicLong();

    private record Sample(long disk, long catalog, long residentKib) {}

    @Override
    String[] options() {
        return new String[] {"--retention", "images=60,uploads=20,operations=300,logs=100", "--collect-interval", "5s"};
    }

    @Test
    void diskAndMemoryAreFlat() throws Exception {
        assumeTrue(MINUTES > 0, "takes as long as you say: with -Dcontree.load.minutes=60 -Dtest.minutes=90");
        List<Sample> samples = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> work = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                long seed = worker;
                work.add(threads.submit(() -> work(new SeededRandom(seed))));
            }
            work.add(threads.submit(this::collect));
            try {
                while (System.nanoTime() < end && work.stream().noneMatch(Future::isDone)) {
                    Thread.sleep(Duration.ofSeconds(SAMPLE_SECONDS));
                    sample().ifPresent(samples::add);
                }
            } finally {
                ended.set(true);
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
        report(samples);
        requireFlat("the disk", samples, Sample::disk, 64 * MIB);
        requireFlat("the catalog", samples, Sample::catalog, 4 * MIB);
        requireFlat("memory in KiB", samples, Sample::residentKib, 24 << 10);
    }

    /** Empty if a directory went while it was measured. */
    private Optional<Sample> sample() throws Exception {
        Path data = home.resolve("data");
        try {
            return Optional.of(
                    new Sample(DiskUsage.of(data), Files.size(new Layout(data).catalog()), server.residentKib()));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    /** Chains and branches, uploads, and looking into what was made; what retention took is let go. */
    private Void work(SeededRandom random) throws Exception {
        try (Contree client = server.connect()) {
            Image tip = busybox;
            while (!ended.get()) {
                try {
                    if (random.chance(20)) {
                        tip = busybox;
                    }
                    String script = switch (random.between(0, 3)) {
                        case 0 -> "head -c " + random.between(1, 400_000) + " /dev/urandom > /f" + random.between(0, 9);
                        case 1 -> "mkdir -p /d/" + random.between(0, 9) + "; seq 1 5000; date >> /d/log";
                        case 2 -> "rm -rf /d; cp /bin/busybox /b" + random.between(0, 3);
                        default -> "true";
                    };
                    var run = client.images().find(tip.uuid().toString()).shell(script);
                    if (random.chance(10)) {
                        byte[] content = random.bytes(random.between(1, 200_000));
                        run = run.file("/up", FileContent.of(content));
                    }
                    boolean collects = collecting.get();
                    long began = System.nanoTime();
                    tip = run.execute().image();
                    if (collects == collecting.get()) {
                        (collects ? collected : quiet).add(System.nanoTime() - began);
                    }
                    if (random.chance(10)) {
                        tip.ls("/");
                    }
                } catch (NotFoundException e) {
                    tip = busybox; // retention was faster
                }
            }
        }
        return null;
    }

    private Void collect() throws Exception {
        long window = System.nanoTime();
        while (!ended.get()) {
            Thread.sleep(Duration.ofMillis(200));
            if (System.nanoTime() - window > Duration.ofSeconds(WINDOW_SECONDS).toNanos()) {
                window = System.nanoTime();
                collecting.set(!collecting.get());
            }
            if (collecting.get()) {
                try {
                    contree.images().collect();
                    collections.incrementAndGet();
                } catch (ContreeClientException e) {
                    assertThat(e.getMessage()).contains("reads"); // another process
                }
            }
        }
        return null;
    }

    private static long at(List<Long> times, int percent) {
        List<Long> sorted = times.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1000;
    }

    private void report(List<Sample> samples) throws Exception {
        StringBuilder text = new StringBuilder("minute, disk MiB, catalog KiB, resident MiB\n");
        int each = (int) Math.max(1, samples.size() / 30);
        for (int i = 0; i < samples.size(); i += each) {
            Sample sample = samples.get(i);
            text.append(String.format(
                    "%.1f, %.1f, %d, %d%n",
                    (i + 1) * SAMPLE_SECONDS / 60.0,
                    sample.disk() / (double) MIB,
                    sample.catalog() >> 10,
                    sample.residentKib() >> 10));
        }
        text.append(String.format(
                "%d runs; p50 and p90 in µs: %d and %d between collections, %d and %d during %d of them%n",
                quiet.size() + collected.size(),
                at(quiet, 50),
                at(quiet, 90),
                at(collected, 50),
                at(collected, 90),
                collections.get()));
        System.out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    /**
     * The first third warms up; half of the samples of the last are to be no higher than half of those of the second, nearly. How much there is
     * at one moment says little: what a collection is about to remove counts too.
     */
    private static void requireFlat(String what, List<Sample> samples, ToLongFunction<Sample> value, long slack) {
        int third = samples.size() / 3;
        long second = median(samples.subList(third, 2 * third), value);
        long last = median(samples.subList(2 * third, samples.size()), value);
        assertThat(last).as(what + " after " + second).isLessThan(second + second / 10 + slack);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> value) {
        return samples.stream()
                .mapToLong(value)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
