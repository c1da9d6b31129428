package io.contree.store.check;

import io.contree.store.LayerId;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Whether one layer is what was written, contents included. */
public final class LayerProof {
    private LayerProof() {}

    /**
     * The first fault of a layer, in words; empty if it has none.
     *
     * @param bytesRead is told of what was read, file by file, and may take its time
     */
    public static Optional<String> problem(Layout layout, LayerId layer, LongConsumer bytesRead) {
        List<Fault> found = new ArrayList<>();
        new LayerTrees(layout, true, bytesRead).compare(layout.layer(layer), Subject.of(layer), found);
        return found.stream().findFirst().map(fault -> {
            String path = fault.path().isEmpty() ? "" : "\"" + fault.path() + "\": ";
            return path + fault.what();
        });
    }
}
