package io.contree.engine;

import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Reservation;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sandboxes that understand a few words instead of starting programs: {@code true}, {@code exit N}, {@code write PATH TEXT},
 * {@code rm PATH}, {@code echo TEXT}, {@code env}, {@code cat} (stdin to stdout), {@code deaf} (reads nothing), {@code spew BYTES}, {@code sleep} (until its
 * timeout), {@code hang} (past its timeout), {@code crash}, {@code oom}, {@code trap} (exits at a signal); everything else is not found.
 */
public final class FakeSandboxes implements Sandboxes {
    private final FakeStore store;
    private final Set<FakeSandbox> running = ConcurrentHashMap.newKeySet();

    public volatile FakeStore.Hook beforeStart = () -> {};
    public volatile FakeStore.Hook beforeSpawn = () -> {};
    public volatile List<ProcessSpec> spawned = List.of();
    private final AtomicInteger started = new AtomicInteger();

    public FakeSandboxes(FakeStore store) {
        this.store = store;
    }

    public int running() {
        return running.size();
    }

    /** How many there have been. */
    public int started() {
        return started.get();
    }

    @Override
    public List<String> runtimes() {
        return List.of("fake", "other");
    }

    @Override
    public Reservation reserve(String runtime, NetworkPolicy network) {
        return Reservation.withoutNetwork(runtime, Optional.empty());
    }

    @Override
    public Sandbox start(SandboxSpec spec) throws InterruptedException {
        beforeStart.run();
        if (Thread.interrupted()) {
            throw new InterruptedException("the start of " + spec.id());
        }
        FakeSandbox sandbox = new FakeSandbox(spec, store.at(spec.root()));
        running.add(sandbox);
        started.incrementAndGet();
        return sandbox;
    }

    @Override
    public String isolation(String runtime) {
        return runtime + ", no isolation";
    }

    @Override
    public void close() {}

    private final class FakeSandbox implements Sandbox {
        private final SandboxSpec spec;
        private final SortedMap<String, String> content;
        private final CountDownLatch over = new CountDownLatch(1);
        private final List<FakeProcess> processes = new CopyOnWriteArrayList<>();
        private volatile LimitEvents limitEvents = LimitEvents.NONE;
        private volatile boolean killed;

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
            beforeSpawn.run();
            if (over.getCount() == 0) {
                throw new SandboxException(SandboxException.Kind.CLOSED, "the sandbox has ended");
            }
            FakeProcess spawning = new FakeProcess(this, processes.size() + 1, process, listener);
            processes.add(spawning);
            spawned = processes.stream().map(FakeProcess::spec).toList();
            if (killed) {
                spawning.vanish();
            }
            spawning.start();
            return spawning;
        }

        SortedMap<String, String> content() {
            return content;
        }

        void outOfMemory() {
            limitEvents = new LimitEvents(1, spec.limits().memoryBytes() - 1, 0, false);
        }

        /** The main process takes all others with it. */
        void ended(FakeProcess process) {
            if (process.spid() == 1) {
                over.countDown();
                processes.stream().filter(FakeProcess::isAlive).forEach(FakeProcess::vanish);
            }
        }

        @Override
        public Optional<SandboxProcess> process(int spid) {
            return spid <= processes.size() ? Optional.of(processes.get(spid - 1)) : Optional.empty();
        }

        @Override
        public boolean awaitEnd(Duration timeout) throws InterruptedException {
            return over.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void kill() {
            killed = true;
            processes.forEach(FakeProcess::vanish);
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public LimitEvents limitEvents() {
            return limitEvents;
        }

        @Override
        public void close() {
            kill();
            processes.forEach(FakeProcess::join);
            running.remove(this);
        }
    }

    /** Ends once: by what it was told to do, by a signal, or with its sandbox. */
    private static final class FakeProcess implements SandboxProcess {
        private static final Set<String> WORDS = Set.of(
                "true",
                "exit",
                "write",
                "rm",
                "echo",
                "env",
                "cat",
                "deaf",
                "spew",
                "sleep",
                "hang",
                "crash",
                "oom",
                "trap",
                "oom-inside");

        private final FakeSandbox sandbox;
        private final int spid;
        private final ProcessSpec spec;
        private final ProcessListener listener;
        private final CountDownLatch eof = new CountDownLatch(1);
        private final CompletableFuture<Integer> killed = new CompletableFuture<>();
        private final ByteArrayOutputStream stdin = new ByteArrayOutputStream();
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private volatile boolean alive = true;

        FakeProcess(FakeSandbox sandbox, int spid, ProcessSpec spec, ProcessListener listener) {
            this.sandbox = sandbox;
            this.spid = spid;
            this.spec = spec;
            this.listener = listener;
        }

        ProcessSpec spec() {
            return spec;
        }

        void start() {
            thread.start();
        }

        private void run() {
            try {
                Runnable end = execute();
                alive = false;
                end.run();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            } finally {
                alive = false;
                sandbox.ended(this);
            }
        }

        /** Does what it was told; the result tells the listener about the end. */
        private Runnable execute() throws InterruptedException, ExecutionException {
            String[] words = spec.argv().toArray(String[]::new);
            String word = words[0].endsWith("/sh") ? "true" : words[0];
            if (!WORDS.contains(word)) {
                return () -> listener.spawnFailed(word + ": executable file not found in PATH");
            }
            listener.started(6 + spid, 0, 0);
            return switch (word) {
                case "true" -> exit(0);
                case "exit" -> exit(Integer.parseInt(words[1]));
                case "write" -> {
                    sandbox.content().put(words[1], words[2]);
                    yield exit(0);
                }
                case "rm" -> {
                    sandbox.content().remove(words[1]);
                    yield exit(0);
                }
                case "echo" -> print((words[1] + "\n").getBytes(StandardCharsets.UTF_8));
                case "env" -> print(spec.env().toString().getBytes(StandardCharsets.UTF_8));
                case "cat" -> cat();
                case "spew" -> spew(Long.parseLong(words[1]), spec.outputLimit());
                case "sleep", "deaf" -> sleep();
                case "hang" -> hang();
                case "trap" -> killed.get() == 0 ? () -> listener.lost("killed") : exit(0);
                case "crash" -> () -> listener.lost("the runtime broke");
                case "oom" -> {
                    sandbox.outOfMemory();
                    yield signalled(9, false);
                }
                case "oom-inside" -> {
                    sandbox.outOfMemory();
                    yield exit(0);
                }
                default -> throw new IllegalStateException(word);
            };
        }

        private Runnable cat() throws InterruptedException, ExecutionException {
            if (spec.stdinOpen()) {
                CompletableFuture.anyOf(killed, CompletableFuture.runAsync(this::awaitEof))
                        .get();
            }
            return killed.isDone() ? signalled(killed.get(), false) : print(stdin.toByteArray());
        }

        private void awaitEof() {
            try {
                eof.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Runnable sleep() throws InterruptedException, ExecutionException {
            try {
                long millis = spec.timeout().isZero()
                        ? Long.MAX_VALUE
                        : spec.timeout().toMillis();
                return signalled(killed.get(millis, TimeUnit.MILLISECONDS), false);
            } catch (TimeoutException e) {
                return signalled(9, true);
            }
        }

        /** No deadline ends it, only the end of its sandbox. */
        private Runnable hang() throws InterruptedException, ExecutionException {
            return signalled(killed.get(), false);
        }

        private Runnable print(byte[] bytes) {
            listener.output(ProcessListener.Stream.STDOUT, bytes);
            return exit(0);
        }

        private Runnable spew(long bytes, long limit) {
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
            return exit(0);
        }

        private Runnable exit(int code) {
            return () -> listener.exited(Samples.exit(code));
        }

        /** Number 0 stands for the end of the sandbox. */
        private Runnable signalled(int number, boolean timedOut) {
            return number == 0
                    ? () -> listener.lost("killed")
                    : () -> listener.exited(new ExitStatus(
                            6 + spid, -1, number, timedOut, false, Duration.ofMillis(1), Samples.usage()));
        }

        /** Goes down with the sandbox. */
        void vanish() {
            killed.complete(0);
            eof.countDown();
        }

        void join() {
            try {
                thread.join(); // whatever it does without being told to stop is short
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public int spid() {
            return spid;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public boolean awaitStdin(int bytes, Duration timeout) throws InterruptedException {
            requireOpen();
            if (spec.argv().getFirst().equals("deaf")) {
                Thread.sleep(Math.clamp(timeout.toMillis(), 0, 10));
                return false;
            }
            return true;
        }

        @Override
        public int writeStdin(byte[] bytes, Duration timeout) {
            requireOpen();
            stdin.writeBytes(bytes);
            return bytes.length;
        }

        private void requireOpen() {
            if (!alive || eof.getCount() == 0) {
                throw new SandboxException(SandboxException.Kind.CLOSED, "its input is closed");
            }
        }

        @Override
        public void closeStdin() {
            eof.countDown();
        }

        @Override
        public void signal(int number) {
            if (!alive) {
                throw new SandboxException(SandboxException.Kind.CLOSED, "it ended");
            }
            killed.complete(number);
        }
    }
}
