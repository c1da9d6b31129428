package io.contree.init;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the payload of a spawn frame. Unless said otherwise: no input, no deadline, a high limit, as ourselves in /, with no time
 * for what is left behind.
 */
final class Spawn {
    static final int STDIN_OPEN = 1;
    static final int MAIN = 2;
    static final int ALL_GROUPS = 4;

    private final List<byte[]> argv = new ArrayList<>();
    private final List<byte[]> env = new ArrayList<>();
    private String cwd = "/";
    private String user = Ids.OURS.uid() + ":" + Ids.OURS.gid();
    private long timeoutMillis;
    private long limit = Long.MAX_VALUE;
    private long graceMillis;
    private int flags;

    static Spawn of(String... argv) {
        Spawn spawn = new Spawn();
        for (String argument : argv) {
            spawn.argument(argument.getBytes(StandardCharsets.UTF_8));
        }
        return spawn;
    }

    static Spawn shell(String script) {
        return of("/bin/sh", "-c", script).env("PATH=" + System.getenv("PATH"));
    }

    Spawn argument(byte[] bytes) {
        argv.add(bytes);
        return this;
    }

    Spawn env(String variable) {
        env.add(variable.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Spawn cwd(String directory) {
        cwd = directory;
        return this;
    }

    Spawn as(int uid, int gid) {
        return as(Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid));
    }

    /** As docker's --user. */
    Spawn as(String text) {
        user = text;
        return this;
    }

    Spawn allGroups() {
        return flags(flags | ALL_GROUPS);
    }

    Spawn graceMillis(long millis) {
        graceMillis = millis;
        return this;
    }

    Spawn timeoutMillis(long millis) {
        timeoutMillis = millis;
        return this;
    }

    Spawn limit(long bytes) {
        limit = bytes;
        return this;
    }

    Spawn main() {
        return flags(flags | MAIN);
    }

    Spawn stdinOpen() {
        return flags(flags | STDIN_OPEN);
    }

    Spawn flags(int bits) {
        flags = bits;
        return this;
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        list(out, argv);
        list(out, env);
        string(out, cwd.getBytes(StandardCharsets.UTF_8));
        string(out, user.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(ByteBuffer.allocate(28)
                .putLong(timeoutMillis)
                .putLong(limit)
                .putLong(graceMillis)
                .putInt(flags)
                .array());
        return out.toByteArray();
    }

    private static void list(ByteArrayOutputStream out, List<byte[]> elements) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(elements.size()).array());
        elements.forEach(element -> string(out, element));
    }

    private static void string(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }
}
