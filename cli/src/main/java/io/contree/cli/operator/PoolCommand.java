package io.contree.cli.operator;

import io.contree.cli.command.FormatOptions;
import io.contree.cli.command.SizeConverter;
import io.contree.cli.pool.PoolFileSystem;
import io.contree.cli.pool.PoolPlan;
import io.contree.cli.pool.PoolStatus;
import io.contree.cli.pool.Pools;
import io.contree.cli.terminal.Bytes;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code contree pool}: for the operator, as root. */
@Command(
        name = "pool",
        description = "Keeps a server's data in a file system of its own, in a file: one that lets files share their"
                + " blocks, and limits what each run writes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class PoolCommand implements Runnable {
    private final Terminal terminal;
    private final Pools pools;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets spec
    public PoolCommand(Terminal terminal, Pools pools) {
        this.terminal = terminal;
        this.pools = pools;
    }

    /** Which pool. */
    static final class Place {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "${env:CONTREE_DATA:-/var/lib/contree}",
                description = "Data directory of the server, where the pool is mounted (default ${DEFAULT-VALUE}).")
        private Path data;

        @SuppressWarnings("NullAway.Init") // picocli sets data
        Place() {}
    }

    /** How large. */
    static final class Size {
        @Option(
                names = "--size",
                required = true,
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Size of the pool, such as 100G. Its file takes room on the disk as it fills.")
        private long size;

        @Option(
                names = "--overcommit",
                description = "Even if the disk has less room than that: writes fail when it is full.")
        private boolean overcommit;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: create, status, mount, grow or remove.");
    }

    @Command(
            name = "create",
            description = "Makes a pool and mounts it at the data directory, which is missing or empty.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin Place place,
            @Mixin Size size,
            @Mixin FormatOptions format,
            @Option(
                            names = "--image",
                            paramLabel = "FILE",
                            description = "The pool's file (default: DIR.img beside the directory).")
                    @Nullable
                    Path image,
            @Option(
                            names = "--filesystem",
                            paramLabel = "NAME",
                            description = "xfs or btrfs (default: xfs if mkfs.xfs is installed).")
                    @Nullable
                    PoolFileSystem fileSystem,
            @Option(names = "--fstab", description = "Write to /etc/fstab that it is mounted when the machine starts.")
                    boolean fstab) {
        PoolPlan plan = PoolPlan.of(
                place.data,
                Optional.ofNullable(image),
                size.size,
                Optional.ofNullable(fileSystem),
                size.overcommit,
                fstab);
        print(format, pools.create(plan));
        return ExitCode.OK;
    }

    @Command(name = "status", description = "Shows a pool as it is.", mixinStandardHelpOptions = true)
    int status(@Mixin Place place, @Mixin FormatOptions format) {
        print(format, pools.status(place.data));
        return ExitCode.OK;
    }

    @Command(
            name = "mount",
            description = "Mounts a pool that is there, with direct I/O where the disk has it.",
            mixinStandardHelpOptions = true)
    int mount(
            @Mixin Place place,
            @Mixin FormatOptions format,
            @Option(
                            names = "--image",
                            paramLabel = "FILE",
                            description = "The pool's file (default: as it was made for the directory).")
                    @Nullable
                    Path image) {
        print(format, pools.mount(place.data, Optional.ofNullable(image)));
        return ExitCode.OK;
    }

    @Command(name = "grow", description = "Makes a pool larger while it is used.", mixinStandardHelpOptions = true)
    int grow(@Mixin Place place, @Mixin Size size, @Mixin FormatOptions format) {
        print(format, pools.grow(place.data, size.size, size.overcommit));
        return ExitCode.OK;
    }

    @Command(
            name = "remove",
            description = "Unmounts a pool that no server works on, and removes its file.",
            mixinStandardHelpOptions = true)
    int remove(
            @Mixin Place place,
            @Option(names = "--force", description = "With all the data that is in it.") boolean force) {
        pools.remove(place.data, force);
        return ExitCode.OK;
    }

    private void print(FormatOptions format, PoolStatus status) {
        format.printer(terminal).record(status, String.join(System.lineSeparator(), lines(status)));
    }

    private static List<String> lines(PoolStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("pool of " + status.data());
        lines.add("  file     " + status.image() + ", " + Bytes.text(status.allocated())
                + " taken of the disk, which has " + Bytes.text(status.room()) + " free");
        lines.add("  size     " + Bytes.text(status.size())
                + (status.used() == null ? "" : ", " + Bytes.text(status.used()) + " of it used"));
        if (status.device() == null) {
            lines.add("  mounted  no: contree pool mount --data " + status.data());
        } else {
            lines.add("  mounted  " + status.fileSystem() + " by " + status.device()
                    + (status.directIo() ? ", direct I/O" : ", without direct I/O"));
            lines.add("  limits   "
                    + (status.quota()
                            ? "kept by project quota"
                            : "no quota on this file system and kernel: the server watches what runs write"));
            lines.add(
                    status.atBoot()
                            ? "  at boot  mounted by /etc/fstab"
                            : "  at boot  not mounted; create --fstab writes this line to /etc/fstab: "
                                    + status.fstabLine());
        }
        if (status.isOvercommitted()) {
            lines.add("  warning  the disk may be full before the pool is; make room on it");
        }
        return lines;
    }
}
