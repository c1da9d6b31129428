package io.contree.sandbox.nursery;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.IdRanges;
import io.contree.linux.LinuxException;
import io.contree.linux.PacketSocket;
import io.contree.linux.PacketSocket.Packet;
import io.contree.linux.Uninterruptibly;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that makes sandboxes and hears of their ends; they die with it. Safe for use by several threads. */
public final class Nursery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Nursery.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int HEADER = 8;
    /** The id of an answer to something that was no request. */
    private static final int OF_NO_REQUEST = 0;

    private final Process process;
    private final PacketSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Child> children = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Answer>> asked = new ConcurrentHashMap<>();
    private final Thread listener;
    private volatile boolean ended;

    private Nursery(Process process, PacketSocket socket) {
        this.process = process;
        this.socket = socket;
        // A platform thread: it waits in a system call.
        this.listener = Thread.ofPlatform().daemon().name("nursery").unstarted(this::listen);
    }

    /** Which program, and where. */
    public record Place(Path program, Path init, Path socket, Path home, Path errors) {}

    private record Answer(int number, List<Fd> files) {}

    /** A process of it. */
    record Child(int id, int pid, CompletableFuture<Integer> exit) {}

    /**
     * Starts it.
     *
     * @throws IOException if it does not come up; the message says why
     */
    public static Nursery start(Place place, NurserySettings settings) throws IOException {
        Files.createDirectories(place.home());
        Process process = new ProcessBuilder(
                        place.program().toString(),
                        place.socket().toString(),
                        place.home().toString(),
                        place.init().toString())
                .redirectError(place.errors().toFile())
                .start();
        try {
            return connect(process, place, settings);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Nursery connect(Process process, Place place, NurserySettings settings) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        if (output.readLine() == null) {
            throw failure(place, "it ended at once");
        }
        PacketSocket socket = PacketSocket.connect(place.socket());
        try {
            socket.patience(PATIENCE);
            if (socket.receive().isEmpty()) {
                throw failure(place, "it has no home");
            }
            socket.patience(Duration.ZERO);
            socket.send(settings.toBytes(), List.of());
        } catch (IOException e) {
            socket.close();
            throw e instanceof LinuxException ? failure(place, e.toString()) : e;
        }
        Nursery nursery = new Nursery(process, socket);
        nursery.listener.start();
        return nursery;
    }

    private static IOException failure(Place place, String what) throws IOException {
        return new IOException("the nursery of sandboxes did not start: " + what + ": "
                + Files.readString(place.errors()).strip());
    }

    /** True until it has ended or is closed; then its sandboxes have ended too. */
    public boolean isAlive() {
        return !ended;
    }

    /**
     * Makes a sandbox that waits.
     *
     * @param name of its cgroup
     * @param range its ids, which stay the caller's
     * @param entrances files to which it writes 0 to be in its cgroup
     * @param whenUnused called if it was closed without having become anything
     */
    public WaitingSandbox make(String name, IdRanges.Range range, List<Fd> entrances, Runnable whenUnused)
            throws IOException {
        int id = ids.incrementAndGet();
        List<Fd> files = new ArrayList<>(List.of(range.users().fd()));
        files.addAll(entrances);
        Answer answer = ask(id, new Message('M', id).toBytes(), files);
        Child child = children.get(id);
        if (child == null || answer.files().size() != 1) {
            throw new IOException("the nursery of sandboxes gave a strange answer");
        }
        WaitingSandbox waiting = new WaitingSandbox(this, child, answer.files().getFirst(), name, range, whenUnused);
        try {
            waiting.awaitReady(PATIENCE);
            return waiting;
        } catch (IOException | RuntimeException e) {
            waiting.close();
            throw e;
        }
    }

    Fd lay(Child child, Cable cable) throws IOException {
        Message message = new Message('L', child.id()).add(Message.Kind.CABLE, cable.toBytes());
        var _ = ask(child.id(), message.toBytes(), List.of());
        return FileCalls.open(Path.of("/proc/" + child.pid() + "/ns/net"), FileCalls.READ);
    }

    void kill(Child child) {
        try {
            socket.send(new Message('K', child.id()).toBytes(), List.of());
        } catch (LinuxException e) {
            log.debug("The nursery is gone, and sandbox {} with it", child.id(), e);
        }
    }

    private Answer ask(int id, byte[] message, List<Fd> files) throws IOException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            if (ended) {
                throw new IOException("the nursery of sandboxes has ended");
            }
            socket.send(message, files);
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the nursery of sandboxes did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            asked.remove(id);
        }
    }

    private void listen() {
        try {
            for (Optional<Packet> packet = socket.receive(); packet.isPresent(); packet = socket.receive()) {
                hear(packet.get());
            }
        } catch (LinuxException e) {
            log.error("The nursery of sandboxes cannot be heard", e);
        } finally {
            end();
        }
    }

    private void hear(Packet packet) {
        ByteBuffer bytes = ByteBuffer.wrap(packet.bytes()).order(ByteOrder.nativeOrder());
        char type = (char) bytes.getInt();
        int id = bytes.getInt();
        switch (type) {
            case 'W' -> {
                int pid = bytes.getInt();
                children.put(id, new Child(id, pid, new CompletableFuture<>()));
                answer(id, new Answer(pid, packet.files()));
            }
            case 'N' -> answer(id, new Answer(0, List.of()));
            case 'X' -> {
                Child child = children.remove(id);
                if (child != null) {
                    child.exit().complete(bytes.getInt());
                }
            }
            default -> {
                String why = new String(packet.bytes(), HEADER, packet.bytes().length - HEADER, StandardCharsets.UTF_8);
                CompletableFuture<Answer> waiting = asked.get(id);
                if (waiting != null) {
                    waiting.completeExceptionally(new IOException(why.strip()));
                } else if (id == OF_NO_REQUEST) {
                    log.error("The nursery of sandboxes refuses: {}", why);
                } else {
                    // Its run was ended meanwhile, and the sandbox may have been before its request was read.
                    log.debug("The nursery of sandboxes refuses what nobody waits for: {}", why);
                }
            }
        }
    }

    private void answer(int id, Answer answer) {
        CompletableFuture<Answer> waiting = asked.get(id);
        if (waiting == null) {
            answer.files().forEach(Fd::close); // nobody waits any more, and without this the sandbox ends
        } else {
            waiting.complete(answer);
        }
    }

    private void end() {
        ended = true;
        asked.values().forEach(waiting -> waiting.completeExceptionally(new IOException("the nursery has ended")));
        children.values().forEach(child -> child.exit().complete(-1));
        children.clear();
    }

    /** Ends it, and with it every sandbox. */
    @Override
    public void close() {
        ended = true;
        socket.shutdown();
        Uninterruptibly.get(() -> {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            listener.join();
            return process;
        });
        socket.close();
    }
}
