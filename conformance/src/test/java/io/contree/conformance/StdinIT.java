package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Execution;
import io.contree.sdk.LocalFileException;
import io.contree.sdk.OutputListener;
import io.contree.sdk.ProcessResult;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.async.AsyncContree;
import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard input of any length, through the Java client. */
class StdinIT extends ServerSuite {
    @Override
    boolean movesMuch() {
        return true;
    }

    private static final int LONG = 3_000_001;

    @ParameterizedTest
    @ValueSource(longs = {1, 1 << 20, (1 << 20) + 1, 20_000_000, 50_000_000, 200_000_000})
    void aStreamOfAnyLengthArrivesWhole(long length) throws Exception {
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Told told = new Told();

        RunResult result = busybox.command("sha256sum")
                .stdin(new Numbers(length, sent))
                .start()
                .follow(told);

        assertThat(result.stdout()).startsWith(HexFormat.of().formatHex(sent.digest()));
        assertThat(told.dropped).isEmpty();
        assertThat(result.truncated()).isFalse();
        assertThat(result.limits()).isEmpty();
    }

    @Test
    void longBytesAndFilesGoAsOftenAsOneLikes(@TempDir Path directory) throws Exception {
        byte[] bytes = new SeededRandom(1).bytes(LONG);
        Path file = Files.write(directory.resolve("input"), bytes);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));

        for (Run run : List.of(
                busybox.command("sha256sum").stdin(bytes),
                busybox.command("sha256sum").stdin(file))) {
            assertThat(run.execute().stdout()).startsWith(digest);
            assertThat(run.execute().stdout()).startsWith(digest);
        }
        try (AsyncContree async = server.connect().async()) {
            assertThat(async.images()
                            .use(box)
                            .command("sha256sum")
                            .stdin(file)
                            .execute()
                            .get()
                            .stdout())
                    .startsWith(digest);
        }
    }

    @Test
    void aLongStreamGoesOnce() {
        Run run = busybox.command("wc", "-c").stdin(new ByteArrayInputStream(new byte[LONG]));

        assertThat(run.execute().stdout()).isEqualTo(LONG + "\n");
        assertThatThrownBy(run::execute)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("set another");
    }

    @Test
    void aSubprocessTakesLongInputToo() {
        Execution run = busybox.shell("read line; exit 0").openStdin().start();
        ProcessResult counted = run.subprocesses()
                .command("wc", "-c")
                .stdin(new byte[50_000_000])
                .start()
                .await();
        run.closeStdin();

        assertThat(counted.stdout()).isEqualTo("50000000\n");
        assertThat(run.await().succeeded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read line; echo $line", // ends with most of it unread
                "exec <&-; sleep 1; echo 0", // closes it, and goes on
                "echo 0", // never looks at it
            })
    void aCommandThatDoesNotReadAllOfItIsNotHeldUp(String command) {
        RunResult result = busybox.shell(command).stdin(new Endless("0\n")).execute();

        assertThat(result.stdout()).isEqualTo("0\n");
        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void aSlowStreamIsPassedOnAsItComes() throws Exception {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream slow = new PipedInputStream(writer)) {
            Execution run = busybox.shell("while read line; do echo got $line; done")
                    .openStdin()
                    .start()
                    .stdinFrom(slow);
            writer.write("one\n".getBytes(StandardCharsets.UTF_8));
            writer.flush();
            InputStream stdout = run.stdout();
            assertThat(new String(stdout.readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("got one\n");
            writer.write("two\n".getBytes(StandardCharsets.UTF_8));
            writer.close();

            assertThat(run.await().stdout()).isEqualTo("got one\ngot two\n");
        }
    }

    @Test
    void aProcessThatReadsLateGetsAllOfIt() throws Exception {
        MessageDigest sent = MessageDigest.getInstance("SHA-256");

        RunResult result = busybox.shell("sleep 7; sha256sum")
                .stdin(new Numbers(2_000_000, sent))
                .execute();

        assertThat(result.stdout()).startsWith(HexFormat.of().formatHex(sent.digest()));
    }

    @Test
    void whatCannotBeReadIsNotTakenForTheEnd() {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[LONG]), new Broken());
        Execution run = busybox.command("sha256sum").stdin(broken).start();

        assertThatThrownBy(run::await)
                .isInstanceOf(LocalFileException.class)
                .hasMessageContaining("the line went dead");
        assertThat(contree.operations().get(run.operation()).status().name()).isEqualTo("CANCELLED");
    }

    /** What a client would warn of. */
    private static final class Told implements OutputListener {
        private final List<String> dropped = new ArrayList<>();

        @Override
        public void stdout(byte[] bytes) {}

        @Override
        public void stderr(byte[] bytes) {}

        @Override
        public void truncated(String stream, long bytesDropped) {
            dropped.add(stream + " " + bytesDropped);
        }
    }

    /** This many bytes, no two pieces alike, and the digest of what was read. */
    private static final class Numbers extends InputStream {
        private final MessageDigest digest;
        private long left;
        private long state = 1;

        Numbers(long length, MessageDigest digest) {
            this.left = length;
            this.digest = digest;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int read = (int) Math.min(left, length);
            for (int i = 0; i < read; i++) {
                state = state * 6_364_136_223_846_793_005L + 1;
                bytes[offset + i] = (byte) (state >> 56);
            }
            left -= read;
            digest.update(bytes, offset, read);
            return read;
        }
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the line went dead");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }

    private static final class Endless extends InputStream {
        private final byte[] text;
        private int at;

        Endless(String text) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() {
            return text[at++ % text.length];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
                bytes[offset + i] = (byte) read();
                at %= text.length;
            }
            return length;
        }
    }
}
