package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A running init and the server's side of its pipes. Frames are read in order; a test that waits for one of a certain
 * kind keeps the others of the same process, so that {@link #run} can tell everything about it.
 */
final class Init implements AutoCloseable {
    private final Process process;
    private final DataInputStream fromInit;
    private final OutputStream toInit;
    private final List<Frame> unread = new ArrayList<>();

    private Init(Process process) {
        this.process = process;
        fromInit = new DataInputStream(process.getInputStream());
        toInit = process.getOutputStream();
    }

    /** Starts init with nothing in its own environment but one variable that must never be seen by a process. */
    static Init start(Path program, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(program.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("OF_INIT", "secret");
        builder.environment().put("ASAN_OPTIONS", "detect_leaks=0");
        Init init = new Init(builder.start());
        assertThat(init.next().type()).isEqualTo('R');
        return init;
    }

    long pid() {
        return process.pid();
    }

    void send(char type, int spid, byte[] payload) throws IOException {
        toInit.write(new Frame(type, spid, payload).encode());
        toInit.flush();
    }

    void sendRaw(byte[] bytes) throws IOException {
        toInit.write(bytes);
        toInit.flush();
    }

    void spawn(int spid, Spawn spawn) throws IOException {
        send('S', spid, spawn.encode());
    }

    void stdin(int spid, byte[] bytes) throws IOException {
        send('I', spid, bytes);
    }

    void closeStdin(int spid) throws IOException {
        send('C', spid, new byte[0]);
    }

    void signal(int spid, int number) throws IOException {
        send('K', spid, ByteBuffer.allocate(4).putInt(number).array());
    }

    void shutDown() throws IOException {
        send('X', 0, new byte[0]);
    }

    void closeInput() throws IOException {
        toInit.close();
    }

    void closeOutput() throws IOException {
        fromInit.close();
    }

    Frame next() throws IOException {
        return unread.isEmpty() ? Frame.read(fromInit) : unread.removeFirst();
    }

    /** The next frame of this type and process; those before it stay unread. */
    Frame await(char type, int spid) throws IOException {
        List<Frame> passed = new ArrayList<>();
        Frame frame = next();
        while (frame.type() != type || frame.spid() != spid) {
            passed.add(frame);
            frame = next();
        }
        unread.addAll(0, passed);
        return frame;
    }

    /** Waits until a process has written this text, and takes it. */
    void awaitOutput(int spid, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains(text)) {
            seen.append(await('O', spid).text());
        }
    }

    /** All frames up to the end, when init has exited. */
    List<Frame> rest() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(next());
            }
        } catch (EOFException e) {
            return frames;
        }
    }

    /** Starts a process and waits for its end. */
    Outcome run(int spid, Spawn spawn) throws IOException {
        spawn(spid, spawn);
        return outcome(spid);
    }

    /** Everything about a process, up to its last frame. Frames of other processes stay unread. */
    Outcome outcome(int spid) throws IOException {
        List<Frame> others = new ArrayList<>();
        List<Frame> own = new ArrayList<>();
        do {
            Frame frame = next();
            (frame.spid() == spid ? own : others).add(frame);
        } while (own.isEmpty() || "QF".indexOf(own.getLast().type()) < 0);
        unread.addAll(0, others);
        return Outcome.of(own);
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    String error() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Ends init as a dying server would, and waits for it, so that no process outlives its test. */
    @Override
    public void close() throws IOException, InterruptedException {
        toInit.close();
        fromInit.close();
        process.waitFor();
    }

    /** What the frames of one process came to. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Outcome(String failure, Exit exit, byte[] out, byte[] err, Map<Character, long[]> truncated, String order) {
        static Outcome of(List<Frame> frames) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Map<Character, long[]> truncated = new TreeMap<>();
            StringBuilder order = new StringBuilder();
            for (Frame frame : frames) {
                order.append(frame.type());
                switch (frame.type()) {
                    case 'O' -> out.writeBytes(frame.payload());
                    case 'E' -> err.writeBytes(frame.payload());
                    case 'T' -> {
                        ByteBuffer body = frame.body();
                        truncated.put((char) body.get(), new long[] {body.getLong(), body.getLong()});
                    }
                    default -> {}
                }
            }
            Frame last = frames.getLast();
            boolean failed = last.type() == 'F';
            return new Outcome(
                    failed ? last.string() : "",
                    failed ? null : Exit.of(last),
                    out.toByteArray(),
                    err.toByteArray(),
                    truncated,
                    order.toString());
        }

        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }

        String errorText() {
            return new String(err, StandardCharsets.UTF_8);
        }
    }
}
