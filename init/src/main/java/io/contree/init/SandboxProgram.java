package io.contree.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The static programs that sandboxes are made with, for this machine's architecture. */
public enum SandboxProgram {
    /** PID 1 of every sandbox. */
    INIT("contree-init"),
    /** What makes sandboxes where no OCI runtime does. */
    NURSERY("contree-nursery");

    private final String file;

    SandboxProgram(String file) {
        this.file = file;
    }

    /**
     * Puts the program into a directory, which is made when missing. Afterwards the returned file holds exactly the
     * program and has mode 0755. Its name carries the SHA-256 of its content, so versions never overwrite one another,
     * a second call finds the work done, and a damaged file is replaced. Concurrent calls agree.
     *
     * @throws UnsupportedOperationException when this build has no program for this machine
     * @throws UncheckedIOException when the directory cannot be written
     */
    public Path install(Path directory) {
        byte[] program = bytes(System.getProperty("os.arch"));
        Path target = directory.resolve(file + "-" + sha256(program).substring(0, 16));
        try {
            if (!isInstalled(target, program)) {
                Files.createDirectories(directory);
                write(directory, target, program);
            }
            return target.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not install " + file + " as " + target, e);
        }
    }

    byte[] bytes(String architecture) {
        String machine = switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> architecture;
        };
        try (InputStream resource = SandboxProgram.class.getResourceAsStream(file + "-" + machine)) {
            if (resource == null) {
                throw new UnsupportedOperationException("This build of contree has no " + file + " for " + machine
                        + ". Build it on or with a C cross compiler for that machine (see init/Makefile).");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read the resource " + file + "-" + machine, e);
        }
    }

    private static boolean isInstalled(Path target, byte[] program) throws IOException {
        return Files.isRegularFile(target)
                && Files.isExecutable(target)
                && Arrays.equals(Files.readAllBytes(target), program);
    }

    private void write(Path directory, Path target, byte[] program) throws IOException {
        Path temporary = Files.createTempFile(directory, file, ".new");
        try {
            try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(program);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
