package io.contree.sandbox.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Init's end of a session, played by a test; the other end listens on a thread of its own. */
final class FakeInit implements AutoCloseable {
    private final PipedOutputStream toServer = new PipedOutputStream();
    private final FrameReader fromServer;
    private final InitSession session;
    private final Thread listener;
    private volatile Exception ending;

    FakeInit() throws IOException {
        InputStream serverIn = new PipedInputStream(toServer, 1 << 20);
        PipedInputStream initIn = new PipedInputStream(1 << 20);
        OutputStream serverOut = new PipedOutputStream(initIn);
        fromServer = new FrameReader(initIn);
        session = new InitSession(serverIn, serverOut);
        listener = Thread.ofPlatform().start(() -> {
            try {
                session.listen(() -> {});
            } catch (IOException | RuntimeException e) {
                ending = e;
            } finally {
                session.end("over");
            }
        });
        send('R', 0, ByteBuffer.allocate(4).putInt(1).array());
    }

    InitSession session() {
        return session;
    }

    void send(char type, int spid, byte[] payload) throws IOException {
        new FrameWriter(toServer).write(type, spid, payload);
    }

    void send(char type, int spid, String text) throws IOException {
        send(type, spid, text.getBytes(StandardCharsets.UTF_8));
    }

    void sendNumber(char type, int spid, int number) throws IOException {
        send(type, spid, ByteBuffer.allocate(4).putInt(number).array());
    }

    void sendStarted(int spid, int pid) throws IOException {
        send('P', spid, ByteBuffer.allocate(12).putInt(pid).putInt(0).putInt(0).array());
    }

    void sendExit(int spid, int code) throws IOException {
        ByteBuffer payload =
                ByteBuffer.allocate(152).putInt(99).putInt(code).putInt(-1).putInt(3);
        for (int i = 0; i < 17; i++) {
            payload.putLong(i);
        }
        send('Q', spid, payload.array());
    }

    Frame received() throws IOException {
        return fromServer.next().orElseThrow();
    }

    /** Ends the stream and returns what the session's listening ended with. */
    Optional<Exception> end() throws IOException, InterruptedException {
        close();
        listener.join();
        return Optional.ofNullable(ending);
    }

    @Override
    public void close() throws IOException {
        toServer.close();
    }
}
