package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A connected Unix socket of packets ({@code SOCK_SEQPACKET}), which can carry open files. One thread may receive while others
 * send. To be used by platform threads: a call that waits would pin the carrier of a virtual one.
 */
public final class PacketSocket implements AutoCloseable {
    /** Most bytes of a packet. */
    public static final int MAX_BYTES = CallMemory.DATA_SIZE;
    /** Most open files in a packet. */
    public static final int MAX_FILES = 32;

    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int SHUT_RDWR = 2;
    private static final int LONGEST_PATH = 107;

    /** {@code struct iovec} and the control message, behind {@code struct msghdr} of 56 bytes. */
    private static final int VECTOR = 64;

    private static final int CONTROL = 96;
    private static final int CONTROL_HEADER = 16;

    private final Fd socket;

    private PacketSocket(Fd socket) {
        this.socket = socket;
    }

    /**
     * What was received.
     *
     * @param files that came with it, the receiver's to close
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Packet(byte[] bytes, List<Fd> files) {}

    /** Connects to a listening socket. */
    public static PacketSocket connect(Path path) throws LinuxException {
        String raw = Mounts.raw(path);
        try (CallMemory memory = CallMemory.take()) {
            long type = SOCK_SEQPACKET | SOCK_CLOEXEC;
            Fd socket =
                    new Fd((int) Syscalls.check(Syscalls.call(memory, Call.SOCKET, AF_UNIX, type, 0), "socket", raw));
            try {
                Syscalls.check(connect(memory, socket, raw), "connect", raw);
                return new PacketSocket(socket);
            } catch (LinuxException e) {
                socket.close();
                throw e;
            }
        }
    }

    private static long connect(CallMemory memory, Fd socket, String raw) throws LinuxException {
        if (raw.length() > LONGEST_PATH) {
            throw new LinuxException("connect", raw, Errno.ENAMETOOLONG.number());
        }
        MemorySegment address = memory.data;
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        for (int i = 0; i < raw.length(); i++) {
            address.set(ValueLayout.JAVA_BYTE, 2L + i, (byte) raw.charAt(i));
        }
        address.set(ValueLayout.JAVA_BYTE, 2L + raw.length(), (byte) 0);
        return Syscalls.call(memory, Call.CONNECT, socket.number(), address.address(), 3L + raw.length());
    }

    /** A socket that was received; takes it over. */
    public static PacketSocket of(Fd socket) {
        return new PacketSocket(socket);
    }

    /** From now on {@link #receive} fails with EAGAIN when nothing comes for this time. */
    public void patience(Duration time) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            memory.struct.set(ValueLayout.JAVA_LONG, 0, time.toSeconds());
            memory.struct.set(ValueLayout.JAVA_LONG, 8, time.toNanosPart() / 1000);
            Syscalls.check(
                    Syscalls.call(
                            memory,
                            Call.SETSOCKOPT,
                            socket.number(),
                            SOL_SOCKET,
                            SO_RCVTIMEO,
                            memory.struct.address(),
                            16),
                    "setsockopt",
                    "");
        }
    }

    /**
     * Sends a packet; the files stay the caller's.
     *
     * @throws LinuxException EPIPE or ECONNRESET if nobody listens any more
     */
    public void send(byte[] bytes, List<Fd> files) throws LinuxException {
        if (bytes.length > MAX_BYTES || files.size() > MAX_FILES) {
            throw new LinuxException("sendmsg", "", Errno.E2BIG.number());
        }
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment.copy(bytes, 0, memory.data, ValueLayout.JAVA_BYTE, 0, bytes.length);
            prepare(memory, bytes.length, files.isEmpty() ? 0 : space(files.size()));
            if (!files.isEmpty()) {
                memory.struct.set(ValueLayout.JAVA_LONG, CONTROL, CONTROL_HEADER + 4L * files.size());
                memory.struct.set(ValueLayout.JAVA_INT, CONTROL + 8, SOL_SOCKET);
                memory.struct.set(ValueLayout.JAVA_INT, CONTROL + 12, SCM_RIGHTS);
                for (int i = 0; i < files.size(); i++) {
                    memory.struct.set(
                            ValueLayout.JAVA_INT,
                            CONTROL + CONTROL_HEADER + 4L * i,
                            files.get(i).number());
                }
            }
            Syscalls.check(
                    Syscalls.call(memory, Call.SENDMSG, socket.number(), memory.struct.address(), MSG_NOSIGNAL),
                    "sendmsg",
                    "");
        }
    }

    /** Waits for a packet; empty when the other side has closed, or {@link #shutdown} was called. */
    public Optional<Packet> receive() throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            prepare(memory, CallMemory.DATA_SIZE, space(MAX_FILES));
            long size = Syscalls.check(
                    Syscalls.call(memory, Call.RECVMSG, socket.number(), memory.struct.address(), MSG_CMSG_CLOEXEC),
                    "recvmsg",
                    "");
            if (size == 0) {
                return Optional.empty();
            }
            byte[] bytes = memory.data.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
            return Optional.of(new Packet(bytes, files(memory.struct)));
        }
    }

    private static List<Fd> files(MemorySegment message) {
        List<Fd> files = new ArrayList<>();
        if (message.get(ValueLayout.JAVA_LONG, 40) >= CONTROL_HEADER
                && message.get(ValueLayout.JAVA_INT, CONTROL + 12) == SCM_RIGHTS) {
            long end = CONTROL + message.get(ValueLayout.JAVA_LONG, CONTROL);
            for (long at = CONTROL + CONTROL_HEADER; at < end; at += 4) {
                files.add(new Fd(message.get(ValueLayout.JAVA_INT, at)));
            }
        }
        return files;
    }

    /** Fills in {@code struct msghdr}. */
    private static void prepare(CallMemory memory, long size, long control) {
        MemorySegment message = memory.struct;
        message.fill((byte) 0);
        message.set(ValueLayout.JAVA_LONG, VECTOR, memory.data.address());
        message.set(ValueLayout.JAVA_LONG, VECTOR + 8, size);
        message.set(ValueLayout.JAVA_LONG, 16, message.address() + VECTOR);
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        message.set(ValueLayout.JAVA_LONG, 32, control == 0 ? 0 : message.address() + CONTROL);
        message.set(ValueLayout.JAVA_LONG, 40, control);
    }

    private static long space(int files) {
        return CONTROL_HEADER + (4L * files + 7 & ~7L);
    }

    /** Ends the conversation for both sides; a {@link #receive} that waits returns. */
    public void shutdown() {
        try (CallMemory memory = CallMemory.take()) {
            Syscalls.call(memory, Call.SHUTDOWN, socket.number(), SHUT_RDWR);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
