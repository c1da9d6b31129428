package io.contree.sandbox.init;

import io.contree.sandbox.ProcessSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The payload of a spawn frame. */
final class SpawnPayload {
    private static final int STDIN_OPEN = 1;
    private static final int MAIN = 2;
    private static final int ALL_GROUPS = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    private SpawnPayload() {}

    static byte[] encode(ProcessSpec process, boolean main) {
        SpawnPayload payload = new SpawnPayload();
        payload.list(process.argv());
        payload.list(environment(process.env()));
        payload.string(process.cwd());
        payload.string(process.user().text());
        payload.longNumber(process.timeout().toMillis());
        payload.longNumber(process.outputLimit());
        payload.longNumber(process.grace().toMillis());
        payload.number(flags(process, main));
        return payload.out.toByteArray();
    }

    private static int flags(ProcessSpec process, boolean main) {
        return (process.stdinOpen() ? STDIN_OPEN : 0)
                | (main ? MAIN : 0)
                | (process.user().allGroups() ? ALL_GROUPS : 0);
    }

    private static List<String> environment(Map<String, String> env) {
        return env.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
    }

    private void list(Collection<String> strings) {
        number(strings.size());
        strings.forEach(this::string);
    }

    private void string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void number(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    private void longNumber(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }
}
