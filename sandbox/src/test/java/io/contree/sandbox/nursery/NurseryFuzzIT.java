package io.contree.sandbox.nursery;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.init.SandboxProgram;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.IdMapping;
import io.contree.linux.PacketSocket;
import io.contree.linux.UserNamespace;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages of every shape to the nursery and to sandboxes that wait: it refuses and lives. {@code -Dcontree.fuzz.nursery=N} sends more of
 * them, and {@code -Dcontree.nursery.program=PATH} to another build, such as that of {@code make nursery-sanitized}.
 */
class NurseryFuzzIT {
    private static final int MESSAGES = Integer.getInteger("contree.fuzz.nursery", 1500);
    private static final byte[] KINDS = "CMLKTXWF".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private Process process;
    private PacketSocket socket;
    private UserNamespace users;
    private final SeededRandom random = new SeededRandom(14);

    @BeforeEach
    void start() throws Exception {
        users = UserNamespace.create(IdMapping.DEFAULT);
        String given = System.getProperty("contree.nursery.program");
        Path program = given == null ? SandboxProgram.NURSERY.install(directory) : Path.of(given);
        Path path = directory.resolve("socket");
        process = new ProcessBuilder(
                        program.toString(),
                        path.toString(),
                        Files.createDirectory(directory.resolve("home")).toString(),
                        SandboxProgram.INIT.install(directory).toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("listening");
        socket = PacketSocket.connect(path);
        socket.patience(Duration.ofSeconds(20));
        assertThat(socket.receive()).isPresent();
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("errors")).content().doesNotContain("Sanitizer", "runtime error");
        users.close();
    }

    /** Mostly near to what is right. */
    private byte[] message() {
        if (random.chance(5)) {
            byte[] noise = new byte[random.between(1, 300)];
            fill(noise);
            return noise;
        }
        char type = (char) KINDS[random.between(0, KINDS.length - 1)];
        Message message = new Message(type, random.chance(50) ? random.between(0, 5) : random.between(0, 1 << 30));
        for (int i = random.between(0, 6); i > 0; i--) {
            byte[] data = new byte[random.chance(3) ? random.between(0, 60_000) : random.between(0, 60)];
            fill(data);
            message.add(random.pick(List.of(Message.Kind.values())), data);
        }
        byte[] bytes = message.toBytes();
        for (int i = random.chance(40) ? random.between(1, 4) : 0; i > 0; i--) {
            bytes[random.between(0, bytes.length - 1)] = (byte) random.between(0, 255);
        }
        int length = random.chance(10) ? random.between(1, bytes.length) : bytes.length;
        return Arrays.copyOf(bytes, Math.min(length, PacketSocket.MAX_BYTES));
    }

    private void fill(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.chance(30) ? 0 : random.between(0, 255));
        }
    }

    private List<Fd> files() throws IOException {
        List<Fd> files = new ArrayList<>();
        for (int i = random.chance(50) ? 0 : random.between(1, PacketSocket.MAX_FILES); i > 0; i--) {
            files.add(FileCalls.open(Path.of(random.chance(50) ? "/dev/null" : "/proc/self/ns/user"), FileCalls.READ));
        }
        return files;
    }

    /** Sends, and takes what has come so far, so that neither side waits for the other. */
    private void send(PacketSocket to, byte[] bytes, List<Fd> files) throws IOException {
        try {
            to.send(bytes, files);
        } finally {
            files.forEach(Fd::close);
        }
    }

    private Optional<PacketSocket.Packet> answer(char type, int id) throws IOException {
        while (true) {
            Optional<PacketSocket.Packet> packet = socket.receive();
            if (packet.isEmpty()) {
                return packet;
            }
            ByteBuffer bytes = ByteBuffer.wrap(packet.get().bytes()).order(ByteOrder.nativeOrder());
            if (bytes.getInt() == type && bytes.getInt() == id) {
                return packet;
            }
            packet.get().files().forEach(Fd::close);
        }
    }

    @Test
    void refusesAndLives() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            send(socket, message(), files());
            if (i % 20 == 19) {
                // A request for what is not there is answered in turn, so everything before it has been.
                int id = 0x4000_0000 + i;
                socket.send(new Message('L', id).toBytes(), List.of());
                assertThat(answer('F', id))
                        .as("seed %s, message %s", random.seed(), i)
                        .isPresent();
            }
        }
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aSandboxThatIsToldNonsenseEndsAlone() throws Exception {
        NurserySettings settings = new NurserySettings(
                new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f},
                List.of(),
                List.of(),
                Map.of(),
                Cgroups.open("contree-fuzz").mounts(),
                new NurserySettings.OpenFiles(100, 100));
        socket.send(settings.toBytes(), List.of());
        for (int id = 1; id <= Math.max(10, MESSAGES / 100); id++) {
            socket.send(new Message('M', id).toBytes(), List.of(users.fd()));
            PacketSocket.Packet made = answer('W', id).orElseThrow();
            try (PacketSocket control = PacketSocket.of(made.files().getFirst())) {
                control.patience(Duration.ofSeconds(20));
                var _ = control.receive();
                send(control, message(), files());
            } finally {
                assertThat(answer('X', id)).isPresent();
            }
        }
        assertThat(process.isAlive()).isTrue();
    }
}
