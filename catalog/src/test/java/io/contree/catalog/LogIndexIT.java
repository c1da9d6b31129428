package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.Samples;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.InPlaceWrites;
import io.contree.store.disk.CatalogLink;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.LoopDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LeakChecked
class LogIndexIT {
    @TempDir
    private Path directory;

    /** Else a write to it ends the server once the disk is full. */
    @Test
    void itIsWrittenInPlaceWhereThatIsNotUsual() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, 200 << 20, "mkfs.btrfs", "-q", "-f")) {
            CatalogLink link = CatalogLink.of(disk.root());
            for (int i = 0; i < 2; i++) {
                try (SqlCatalog catalog = SqlCatalog.serve(link);
                        Fd index = FileCalls.open(Path.of(link.catalog() + "-shm"), FileCalls.READ)) {
                    catalog.projects().firstProject(Samples.THEN);
                    assertThat(InPlaceWrites.isSet(index)).isTrue();
                }
            }
        }
    }
}
