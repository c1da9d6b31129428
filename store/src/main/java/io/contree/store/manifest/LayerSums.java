package io.contree.store.manifest;

import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.LtHash;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.state.StateSums;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The sums of a stack, kept beside the layer that was made as its top, so that a stack that images share is added up
 * once (docs/design/format.md, "Sums").
 *
 * @param stack the lowest first, this layer last
 */
public record LayerSums(List<LayerId> stack, StateSums sums) {
    private static final long MAGIC = 0x6374_7265_6573_756dL; // "ctreesum"
    private static final int VERSION = 1;
    private static final int DIGEST_SIZE = 32;

    public LayerSums {
        stack = List.copyOf(stack);
    }

    public void write(Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(stack.size());
        for (LayerId layer : stack) {
            out.writeLong(layer.value().getMostSignificantBits());
            out.writeLong(layer.value().getLeastSignificantBits());
        }
        out.write(sums.state().bytes());
        out.write(sums.content().bytes());
        out.write(Digest.ofContent(bytes.toByteArray()).bytes());
        Files.write(file, bytes.toByteArray());
    }

    /** @throws StoreException CORRUPT */
    public static LayerSums read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        byte[] body = Arrays.copyOf(all, Math.max(0, all.length - DIGEST_SIZE));
        if (!Arrays.equals(Digest.ofContent(body).bytes(), Arrays.copyOfRange(all, body.length, all.length))) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT, "the sums of a layer are damaged: " + Layout.layerOf(file));
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        if (in.getLong() != MAGIC || in.getInt() != VERSION) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "the sums of a layer are of an unknown version: " + Layout.layerOf(file));
        }
        int depth = in.getInt();
        List<LayerId> stack = new ArrayList<>(depth);
        for (int i = 0; i < depth; i++) {
            stack.add(new LayerId(new UUID(in.getLong(), in.getLong())));
        }
        return new LayerSums(stack, new StateSums(sum(in), sum(in)));
    }

    private static LtHash sum(ByteBuffer in) {
        byte[] lanes = new byte[LtHash.SIZE];
        in.get(lanes);
        return LtHash.of(lanes);
    }
}
