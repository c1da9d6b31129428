package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckerTest {
    @TempDir
    Path temp;

    private LeakChecker.Watch watch;

    @BeforeEach
    void begin() throws Exception {
        watch = LeakChecker.watch();
    }

    @Test
    void aProcessIsFoundUntilItEnds() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        try {
            assertThat(leaks()).anyMatch(leak -> leak.equals("process: " + child.pid() + " sleep 600"));
        } finally {
            child.destroy();
            child.waitFor();
        }
        assertThat(leaks()).noneMatch(leak -> leak.startsWith("process: " + child.pid()));
    }

    @Test
    void aGrandchildIsFoundToo() throws Exception {
        Process child = new ProcessBuilder("sh", "-c", "sleep 601 & echo started; wait").start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("started");
            assertThat(leaks()).anyMatch(leak -> leak.endsWith(" sleep 601"));
        } finally {
            List<ProcessHandle> below = child.descendants().toList();
            below.forEach(ProcessHandle::destroy);
            child.waitFor();
        }
    }

    @Test
    void anOpenFileIsFound() throws Exception {
        Path file = Files.writeString(temp.resolve("data"), "x");
        try (InputStream open = Files.newInputStream(file)) {
            assertThat(open.read()).isEqualTo('x');
            assertThat(leaks()).contains("open file: " + file);
        }
        assertThat(leaks()).doesNotContain("open file: " + file);
    }

    @Test
    void somePipesAreNoLeakAndManyAre() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        try {
            pipes.add(Pipe.open());
            assertThat(leaks()).noneMatch(leak -> leak.startsWith("open file: pipe"));
            for (int i = 0; i < 10; i++) {
                pipes.add(Pipe.open());
            }
            assertThat(leaks()).anyMatch(leak -> leak.startsWith("open file: pipe ("));
        } finally {
            for (Pipe pipe : pipes) {
                pipe.source().close();
                pipe.sink().close();
            }
        }
    }

    @Test
    void aThreadIsFound() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Runnable wait = () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Stream<Thread> threads = Stream.of(
                Thread.ofPlatform().name("left-alone").start(wait),
                Thread.ofPlatform().daemon().name("contree-daemon").start(wait),
                Thread.ofPlatform().daemon().name("pool-daemon").start(wait));
        List<String> leaks = leaks();
        end.countDown();
        for (Thread thread : threads.toList()) {
            thread.join();
        }
        assertThat(leaks)
                .contains("thread: left-alone", "thread: contree-daemon")
                .doesNotContain("thread: pool-daemon");
        assertThat(leaks()).doesNotContain("thread: left-alone", "thread: contree-daemon");
    }

    @Test
    void aTemporaryDirectoryIsFound() throws Exception {
        Path directory = Files.createTempDirectory("contree-test-");
        try {
            assertThat(leaks()).contains("temporary file: " + directory);
        } finally {
            Files.delete(directory);
        }
        assertThat(leaks()).doesNotContain("temporary file: " + directory);
    }

    @Test
    void whatEndsInTimeIsNoLeak() throws Exception {
        Path directory = Files.createTempDirectory("contree-test-");
        Thread remover = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(100);
                Files.delete(directory);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(watch.leaks(Duration.ofSeconds(60))).doesNotContain("temporary file: " + directory);
        remover.join();
    }

    private List<String> leaks() throws Exception {
        return watch.leaks(Duration.ZERO);
    }
}
