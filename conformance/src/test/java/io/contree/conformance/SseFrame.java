package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One frame of an event stream, or a comment, which has no event. */
record SseFrame(String id, String event, String data) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The next one; null at the end of the stream, which must not cut a frame. */
    static @Nullable SseFrame read(InputStream in) throws IOException {
        String id = "";
        String event = "";
        String data = "";
        boolean any = false;
        for (String line = line(in); line != null; line = line(in)) {
            if (line.isEmpty()) {
                return new SseFrame(id, event, data);
            }
            any = true;
            String value = line.substring(line.indexOf(": ") + 2);
            if (line.startsWith("id: ")) {
                id = value;
            } else if (line.startsWith("event: ")) {
                event = value;
            } else if (line.startsWith("data: ")) {
                data = value;
            }
        }
        assertThat(any).as("a frame is cut").isFalse();
        return null;
    }

    /** Byte by byte, so that nothing waits for what is not there yet. */
    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        assertThat(line.size()).as("a line is cut").isZero();
        return null;
    }

    /** All events until the end of the stream, without comments. */
    static List<SseFrame> all(InputStream in) throws IOException {
        List<SseFrame> frames = new ArrayList<>();
        for (SseFrame frame = read(in); frame != null; frame = read(in)) {
            if (!frame.event().isEmpty()) {
                frames.add(frame);
            }
        }
        return frames;
    }

    JsonNode json() {
        return JSON.readTree(data);
    }

    /** -1 where there is none. */
    int spid() {
        return json().path("spid").asInt(-1);
    }

    /** The bytes of a stream event. */
    byte[] bytes() {
        JsonNode event = json().get("data");
        String value = event.get("value").asString();
        return event.get("encoding").asString().equals("base64")
                ? Base64.getDecoder().decode(value)
                : value.getBytes(StandardCharsets.US_ASCII);
    }
}
