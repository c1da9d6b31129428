package io.contree.cli.pool;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a pool can be formatted with; both let files share blocks. */
public enum PoolFileSystem {
    /** The default: it keeps limits of directories (project quota). */
    XFS("xfs", Tool.MKFS_XFS),
    /** Has checksums of all contents, and no limits of directories. */
    BTRFS("btrfs", Tool.MKFS_BTRFS);

    /** The label of every pool, by which one is told from other disks. */
    static final String LABEL = "contree";

    private final String type;
    private final Tool mkfs;

    PoolFileSystem(String type, Tool mkfs) {
        this.type = type;
        this.mkfs = mkfs;
    }

    /** The name in the mount table. */
    String type() {
        return type;
    }

    static Optional<PoolFileSystem> ofType(String type) {
        return Arrays.stream(values()).filter(each -> each.type.equals(type)).findFirst();
    }

    /** The first one whose programs are installed; XFS if none has them, so that it is asked for. */
    static PoolFileSystem preferred(Tools tools) {
        return !tools.has(Tool.MKFS_XFS) && tools.has(Tool.MKFS_BTRFS) ? BTRFS : XFS;
    }

    /** The program that formats a pool. */
    Tool mkfs() {
        return mkfs;
    }

    /** How to mount it, the best first; a kernel may lack what the first asks for. The disk below gets back what is removed. */
    List<String> mountOptions() {
        return switch (this) {
            case XFS -> List.of("discard,prjquota", "discard");
            case BTRFS -> List.of("discard=async");
        };
    }

    void format(Tools tools, Path file) {
        switch (this) {
            case XFS -> tools.run(mkfs, "-q", "-m", "reflink=1", "-L", LABEL, file.toString());
            case BTRFS -> tools.run(mkfs, "-q", "-L", LABEL, file.toString());
        }
    }

    /** Lets a mounted one use all of its device. */
    void grow(Tools tools, Path mounted) {
        switch (this) {
            case XFS -> tools.run(Tool.XFS_GROWFS, mounted.toString());
            case BTRFS -> tools.run(Tool.BTRFS, "filesystem", "resize", "max", mounted.toString());
        }
    }
}
