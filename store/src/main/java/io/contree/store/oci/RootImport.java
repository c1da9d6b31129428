package io.contree.store.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.store.Importer.Imported;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.local.ImportFiles;
import io.contree.store.oci.local.OwnData;
import io.contree.store.oci.reference.Place;
import io.contree.store.oci.reference.Reference;
import io.contree.store.stream.FileSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.TreeMap;

/** Imports a root file system as one layer. Names with the prefix {@code .wh.} are ordinary names here. */
final class RootImport {
    private final Layers layers;
    private final ImportFiles files;
    private final ImportControl control;
    private final ByteBudget budget;

    RootImport(Layers layers, ImportFiles files, ImportControl control, ImportLimits limits) {
        this.layers = layers;
        this.files = files;
        this.control = control;
        this.budget = new ByteBudget(limits);
    }

    Imported run(Reference.RootFileSystem root) throws IOException {
        if (!(root.place() instanceof Place.Local local)) {
            try (FileChannel file = files.file(root.place())) {
                return archive(file, root.toString());
            }
        }
        try (Fd found = files.local().open(local.path())) {
            if (FileCalls.stat(found, "").isDirectory()) {
                return directory(found, local.path().toString());
            }
            try (FileChannel file = files.local().file(found, local.path())) {
                return archive(file, local.path().toString());
            }
        }
    }

    private Imported directory(Fd directory, String name) throws IOException {
        OwnData own = files.local().own();
        try (LayerWriter writer = layers.write(List.of())) {
            long bytes = new DirectoryReader(writer, budget, control, own).read(directory);
            control.progress().step(name, bytes, bytes);
            return record(writer, bytes);
        }
    }

    private Imported archive(FileChannel file, String name) throws IOException {
        try (LayerWriter writer = layers.write(List.of());
                LayerStream stream = new LayerStream(
                        new FileSlice(file, 0, file.size()), name, name, file.size(), budget, control)) {
            LayerStream.Result result = stream.unpack(writer, LayerUnpacker.Whiteouts.LITERAL);
            if (result.entries() == 0) {
                throw new StoreException(
                        Kind.INVALID, name + " is an empty archive: there is no root file system in it.");
            }
            return record(writer, result.packedBytes());
        }
    }

    private Imported record(LayerWriter writer, long bytes) {
        control.check();
        LayerId layer = writer.finish();
        return new Imported(layers.record(List.of(layer), new TreeMap<>(), "", control.progress()::reaching), bytes);
    }
}
