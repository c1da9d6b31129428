package io.contree.engine;

import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sandboxes that understand a few words instead of starting programs: {@code true}, {@code exit N}, {@code write PATH TEXT},
 * {@code rm PATH}, {@code echo TEXT}, {@code env}, {@code cat} (stdin to stdout), {@code spew BYTES}, {@code sleep} (until its
 * timeout), {@code hang} (past its timeout), {@code crash}, {@code oom}; everything else is not found.
 */
public final class FakeSandboxes implements Sandboxes {
    private final FakeStore store;
    private final Set<FakeSandbox> running = ConcurrentHashMap.newKeySet();

    volatile FakeStore.Hook beforeStart = () -> {};
    volatile List<ProcessSpec> spawned = List.of();

    public FakeSandboxes(FakeStore store) {
        this.store = store;
    }

    int running() {
        return running.size();
    }

    @Override
    public Sandbox start(SandboxSpec spec) throws InterruptedException {
        beforeStart.run();
        if (Thread.interrupted()) {
            throw new InterruptedException("the start of " + spec.id());
        }
        FakeSandbox sandbox = new FakeSandbox(spec, store.at(spec.root()));
        running.add(sandbox);
        return sandbox;
    }

    @Override
    public String isolation() {
        return "none";
    }

    @Override
    public void close() {}

    private final class FakeSandbox implements Sandbox, SandboxProcess {
        private final SandboxSpec spec;
        private final SortedMap<String, String> content;
        private final CountDownLatch killed = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch eof = new CountDownLatch(1);
        private final ByteArrayOutputStream stdin = new ByteArrayOutputStream();
        private volatile boolean outOfMemory;
        private volatile Thread main;

        FakeSandbox(SandboxSpec spec, SortedMap<String, String> content) {
            this.spec = spec;
            this.content = content;
        }

        @Override
        public String id() {
            return spec.id();
        }

        @Override
        public SandboxProcess spawn(ProcessSpec process, ProcessListener listener) {
            spawned = List.of(process);
            main = Thread.ofVirtual().start(() -> run(process, listener));
            return this;
        }

        private void run(ProcessSpec process, ProcessListener listener) {
            try {
                execute(process, listener);
            } catch (InterruptedException e) {
                listener.lost("killed");
            } finally {
                over.countDown();
            }
        }

        private void execute(ProcessSpec process, ProcessListener listener) throws InterruptedException {
            String[] words = process.argv().toArray(String[]::new);
            String word = words[0].endsWith("/sh") ? "true" : words[0];
            if (!Set.of("true", "exit", "write", "rm", "echo", "env", "cat", "spew", "sleep", "hang", "crash", "oom")
                    .contains(word)) {
                listener.spawnFailed(word + ": executable file not found in PATH");
                return;
            }
            listener.started(7);
            switch (word) {
                case "true" -> exit(listener, 0);
                case "exit" -> exit(listener, Integer.parseInt(words[1]));
                case "write" -> {
                    content.put(words[1], words[2]);
                    exit(listener, 0);
                }
                case "rm" -> {
                    content.remove(words[1]);
                    exit(listener, 0);
                }
                case "echo" -> {
                    listener.output(ProcessListener.Stream.STDOUT, (words[1] + "\n").getBytes(StandardCharsets.UTF_8));
                    exit(listener, 0);
                }
                case "env" -> {
                    listener.output(
                            ProcessListener.Stream.STDOUT,
                            process.env().toString().getBytes(StandardCharsets.UTF_8));
                    exit(listener, 0);
                }
                case "cat" -> {
                    if (process.stdinOpen()) {
                        eof.await();
                    }
                    listener.output(ProcessListener.Stream.STDOUT, stdin.toByteArray());
                    exit(listener, 0);
                }
                case "spew" -> spew(Long.parseLong(words[1]), process.outputLimit(), listener);
                case "sleep" -> {
                    if (killed.await(process.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                        listener.lost("killed");
                    } else {
                        listener.exited(new ExitStatus(7, -1, 9, true, false, process.timeout(), Samples.usage()));
                    }
                }
                case "hang" -> {
                    killed.await();
                    listener.lost("killed");
                }
                case "crash" -> listener.lost("the runtime broke");
                case "oom" -> {
                    outOfMemory = true;
                    listener.exited(new ExitStatus(7, -1, 9, false, false, Duration.ofMillis(1), Samples.usage()));
                }
                default -> throw new IllegalStateException(word);
            }
        }

        private void spew(long bytes, long limit, ProcessListener listener) {
            byte[] block = new byte[64 << 10];
            Arrays.fill(block, (byte) 'y');
            long kept = Math.min(bytes, limit);
            for (long at = 0; at < kept; at += block.length) {
                byte[] piece = Arrays.copyOf(block, (int) Math.min(block.length, kept - at));
                listener.output(ProcessListener.Stream.STDOUT, piece);
            }
            if (bytes > limit) {
                listener.truncated(ProcessListener.Stream.STDOUT, kept, bytes - kept);
            }
            exit(listener, 0);
        }

        private void exit(ProcessListener listener, int code) {
            listener.exited(Samples.exit(code));
        }

        @Override
        public Optional<SandboxProcess> process(int spid) {
            return spid == 1 ? Optional.of(this) : Optional.empty();
        }

        @Override
        public boolean awaitEnd(Duration timeout) throws InterruptedException {
            return over.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void kill() {
            killed.countDown();
            Thread thread = main;
            if (thread != null && eof.getCount() > 0) {
                thread.interrupt();
            }
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public boolean outOfMemory() {
            return outOfMemory;
        }

        @Override
        public void close() {
            kill();
            running.remove(this);
        }

        @Override
        public int spid() {
            return 1;
        }

        @Override
        public boolean isAlive() {
            return over.getCount() > 0;
        }

        @Override
        public int writeStdin(byte[] bytes, Duration timeout) {
            if (!isAlive()) {
                throw new SandboxException(SandboxException.Kind.CLOSED, "it ended");
            }
            int taken = Math.min(bytes.length, 1000);
            stdin.write(bytes, 0, taken);
            return taken;
        }

        @Override
        public void closeStdin() {
            eof.countDown();
        }

        @Override
        public void signal(int number) {
            kill();
        }
    }
}
