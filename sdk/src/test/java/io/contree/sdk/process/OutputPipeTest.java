package io.contree.sdk.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutputPipeTest {
    private final OutputPipe pipe = new OutputPipe();

    private void write(String text) {
        pipe.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesBytesInOrderInAnyPieces() throws IOException {
        write("abc");
        write("");
        write("de");
        pipe.end();
        pipe.end();

        byte[] two = new byte[4];
        assertThat(pipe.available()).isEqualTo(5);
        assertThat(pipe.read(two, 1, 2)).isEqualTo(2);
        assertThat(two).containsExactly(0, 'a', 'b', 0);
        assertThat(pipe.read(new byte[0])).isZero();
        assertThat(pipe.read()).isEqualTo('c');
        assertThat(pipe.readAllBytes()).containsExactly('d', 'e');
        assertThat(pipe.read()).isEqualTo(-1);
        assertThat(pipe.available()).isZero();
        assertThatThrownBy(() -> pipe.read(two, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void waitsForWhatComes() throws Exception {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                read.complete(pipe.read());
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        write("\u00ff");
        assertThat(read.get()).isEqualTo(0xc3);
        reader.join();
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(pipe::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closedItForgetsAndRefuses() throws IOException {
        write("abc");
        pipe.close();
        write("def");

        assertThatThrownBy(pipe::read).isInstanceOf(IOException.class).hasMessage("Stream closed");
        assertThatThrownBy(pipe::available).isInstanceOf(IOException.class);
        pipe.close();
    }
}
