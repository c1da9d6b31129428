package io.contree.cli.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A root file system around the busybox of this machine, for where no registry can be reached. */
final class StaticBusybox {
    private static final List<String> PLACES = List.of("/bin/busybox", "/usr/bin/busybox", "/usr/local/bin/busybox");
    private static final List<String> TOOLS =
            List.of("sh", "cat", "chmod", "echo", "grep", "ls", "mkdir", "mv", "rm", "sed", "touch", "true");
    /** elf(5): offsets in the header of a 64-bit file, and the program header type that names a dynamic linker. */
    private static final int HEADERS_AT = 0x20;

    private static final int HEADER_SIZE_AT = 0x36;
    private static final int HEADER_COUNT_AT = 0x38;
    private static final int PT_INTERP = 3;

    private StaticBusybox() {}

    /** A busybox that needs no library. */
    static Optional<Path> find() {
        return PLACES.stream().map(Path::of).filter(StaticBusybox::isStatic).findFirst();
    }

    /** Makes a root file system in a new directory. */
    static void install(Path busybox, Path root) throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("root"));
        Path copy = Files.copy(busybox.toRealPath(), bin.resolve("busybox"));
        if (!copy.toFile().setExecutable(true, false)) {
            throw new IOException("could not make " + copy + " executable");
        }
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), Path.of("busybox"));
        }
    }

    private static boolean isStatic(Path program) {
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "r")) {
            ByteBuffer header = read(file, 0, 64);
            if (header.getInt(0) != 0x464c457f || header.get(4) != 2) {
                return false;
            }
            int size = header.getShort(HEADER_SIZE_AT);
            for (int i = 0; i < header.getShort(HEADER_COUNT_AT); i++) {
                if (read(file, header.getLong(HEADERS_AT) + (long) i * size, 4).getInt(0) == PT_INTERP) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ByteBuffer read(RandomAccessFile file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(position);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
