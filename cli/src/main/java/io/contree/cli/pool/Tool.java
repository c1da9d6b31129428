package io.contree.cli.pool;

/** A program of the machine that pools are made with. */
enum Tool {
    BLKID("blkid", "util-linux"),
    BTRFS("btrfs", "btrfs-progs"),
    LOSETUP("losetup", "mount"),
    MKFS_BTRFS("mkfs.btrfs", "btrfs-progs"),
    MKFS_XFS("mkfs.xfs", "xfsprogs"),
    MOUNT("mount", "mount"),
    UMOUNT("umount", "mount"),
    XFS_GROWFS("xfs_growfs", "xfsprogs");

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    String program() {
        return program;
    }

    /** The package of Debian that has it. */
    String debianPackage() {
        return debianPackage;
    }
}
