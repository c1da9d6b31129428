package io.contree.store.state;

import io.contree.store.Digest;
import io.contree.store.LtHash;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/** The key of an image (docs/design/format.md, "Identity"). */
public final class ImageKey {
    private static final byte[] VERSION = "contree image 1\n".getBytes(StandardCharsets.US_ASCII);

    private ImageKey() {}

    public static Digest of(LtHash state, SortedMap<String, String> env, String cwd) {
        var bytes = new ByteArrayOutputStream(LtHash.SIZE + 1024);
        try (var out = new DataOutputStream(bytes)) {
            out.write(VERSION);
            out.write(state.bytes());
            out.writeInt(env.size());
            for (Map.Entry<String, String> variable : env.entrySet()) {
                write(out, variable.getKey());
                write(out, variable.getValue());
            }
            write(out, cwd);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Digest.ofContent(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
