package io.contree.store.oci;

import io.contree.store.Importer.Imported;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Imports a root file system as one layer. Names with the prefix {@code .wh.} are names like all others here. */
final class RootImport {
    private final Layers layers;
    private final ImportControl control;
    private final ByteBudget budget;

    RootImport(Layers layers, ImportControl control, ImportLimits limits) {
        this.layers = layers;
        this.control = control;
        this.budget = new ByteBudget(limits);
    }

    Imported run(Path path) throws IOException {
        return Files.isDirectory(path) ? directory(path) : archive(path);
    }

    private Imported directory(Path path) throws IOException {
        Path real = Sources.directory(path);
        try (LayerWriter writer = layers.write(List.of())) {
            long bytes = new DirectoryReader(writer, budget, control).read(real);
            control.progress().step(path.toString(), bytes, bytes);
            return record(writer, bytes);
        }
    }

    private Imported archive(Path path) throws IOException {
        try (FileChannel file = Sources.file(path);
                LayerWriter writer = layers.write(List.of());
                LayerStream stream = new LayerStream(
                        new FileSlice(file, 0, file.size()),
                        path.toString(),
                        path.toString(),
                        file.size(),
                        budget,
                        control)) {
            LayerStream.Result result = stream.unpack(writer, LayerUnpacker.Whiteouts.LITERAL);
            if (result.entries() == 0) {
                throw new StoreException(
                        Kind.INVALID, path + " is an empty archive: there is no root file system in it.");
            }
            return record(writer, result.packedBytes());
        }
    }

    private Imported record(LayerWriter writer, long bytes) {
        control.check();
        LayerId layer = writer.finish();
        return new Imported(layers.record(List.of(layer), new TreeMap<>(), ""), bytes);
    }
}
