package io.contree.sandbox.init;

import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of the conversation with one init: which processes were spawned, and what became of them. */
public final class InitSession {
    private static final Logger log = LoggerFactory.getLogger(InitSession.class);
    private static final int VERSION = 1;
    private static final int MAIN = 1;

    private final FrameReader reader;
    private final FrameWriter writer;
    private final Map<Integer, ContainerProcess> processes = new ConcurrentHashMap<>();
    // Held while a spawn frame is written, so that spids go out in order, and none goes out after the end.
    private final ReentrantLock spawning = new ReentrantLock();
    private boolean ended;

    public InitSession(InputStream fromInit, OutputStream toInit) {
        this.reader = new FrameReader(fromInit);
        this.writer = new FrameWriter(toInit);
    }

    /**
     * Hears init out until its stream ends, calling the listeners on this thread.
     *
     * @param ready called once, when init has greeted
     */
    public void listen(Ready ready) throws IOException {
        Optional<Frame> greeting = reader.next();
        if (greeting.isEmpty()) {
            return;
        }
        greet(greeting.get());
        ready.run();
        for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
            dispatch(frame.get());
        }
    }

    /** What to do when init is ready. */
    public interface Ready {
        void run() throws IOException;
    }

    /** Spawns; empty if the sandbox has ended. */
    public Optional<SandboxProcess> spawn(ProcessSpec spec, ProcessListener listener) {
        spawning.lock();
        try {
            if (ended) {
                return Optional.empty();
            }
            int spid = processes.size() + 1;
            byte[] payload = SpawnPayload.encode(spec, spid == MAIN);
            ContainerProcess process = new ContainerProcess(spid, spec.stdinOpen(), listener, writer);
            processes.put(spid, process);
            if (payload.length > Frame.MAX_PAYLOAD) {
                process.refuse("argument list too long: " + payload.length + " bytes with the environment");
            } else {
                writer.write('S', spid, payload);
            }
            return Optional.of(process);
        } catch (IOException e) {
            // Init is gone. What the listener hears is up to the reader, which will see the same.
            processes.remove(processes.size());
            return Optional.empty();
        } finally {
            spawning.unlock();
        }
    }

    public Optional<SandboxProcess> process(int spid) {
        return Optional.ofNullable(processes.get(spid));
    }

    /** True if the main process was spawned and init told how it ended. */
    public boolean mainEnded() {
        ContainerProcess main = processes.get(MAIN);
        return main != null && !main.isAlive();
    }

    /** Ends init's input, and with it the sandbox. */
    public void hangUp() {
        try {
            writer.close();
        } catch (IOException e) {
            log.debug("init had hung up already", e);
        }
    }

    /** Nothing more will come: tells the listeners of processes whose end was not reported. */
    public void end(String reason) {
        List<ContainerProcess> open;
        spawning.lock();
        try {
            ended = true;
            open = List.copyOf(processes.values());
        } finally {
            spawning.unlock();
        }
        for (ContainerProcess process : open) {
            try {
                process.lost(reason);
            } catch (RuntimeException e) {
                log.error("A listener of process {} failed on hearing that its sandbox ended", process.spid(), e);
            }
        }
    }

    private static void greet(Frame frame) throws BrokenFrameException {
        if (frame.type() != 'R' || frame.spid() != 0) {
            throw new BrokenFrameException("init greets with frame " + frame);
        }
        int version = frame.sized(Integer.BYTES).payload().getInt();
        if (version != VERSION) {
            throw new BrokenFrameException("init speaks version " + version + " of the protocol, not " + VERSION);
        }
    }

    private void dispatch(Frame frame) throws BrokenFrameException {
        ContainerProcess process = processes.get(frame.spid());
        if (process == null) {
            throw new BrokenFrameException("frame " + frame + " is about a process that was not spawned");
        }
        process.receive(frame);
    }
}
