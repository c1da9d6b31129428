package io.contree.testkit.walk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.linux.IdMapping;
import io.contree.testkit.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that changes a tree and tells all about it ({@code walker.c}): by a random walk of file operations, or by a command.
 * It is static, so that it runs in a sandbox as well as on this machine. What a walk does in a step depends only on the seed, the
 * number of the step and the names that it finds.
 */
public final class Walker {
    private final Path program;

    private Walker(Path program) {
        this.program = program;
    }

    /**
     * The arguments, after the directory, of one step of a walk.
     *
     * @param settles whether no file is left with a time of the clock: then equal trees have equal times
     */
    public static List<String> step(long seed, int number, int operations, boolean settles) {
        List<String> arguments = new ArrayList<>(
                List.of(Long.toUnsignedString(seed), Integer.toString(number), Integer.toString(operations)));
        if (settles) {
            arguments.add("settle");
        }
        return arguments;
    }

    /** The arguments, after the directory, of a step that is a shell script. */
    public static List<String> script(String script) {
        return List.of("--", "sh", "-c", script);
    }

    /** Compiles it in a directory; skips the test where no compiler is. */
    public static Walker compile(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve("walker.c");
        try (InputStream in = Walker.class.getResourceAsStream("walker.c")) {
            Files.copy(in, source);
        }
        Path program = directory.resolve("walker");
        assumeTrue(
                compile("musl-gcc", source, program) || compile("gcc", source, program),
                "needs a compiler of C that links statically: apt-get install gcc musl-tools");
        return new Walker(program);
    }

    private static boolean compile(String compiler, Path source, Path program)
            throws IOException, InterruptedException {
        if (new Program(compiler).find().isEmpty()) {
            return false;
        }
        new Program(compiler).run("-static", "-O1", "-w", "-o", program.toString(), source.toString());
        return true;
    }

    public Path program() {
        return program;
    }

    /** Runs in a directory of this machine, as root. Returns what it printed. */
    public String run(Path directory, List<String> step) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        arguments.addAll(step);
        return new Program(program.toString()).run(arguments);
    }

    /**
     * As above, as root of a user namespace.
     *
     * @param ids those of the namespace, as the directory shows them
     */
    public String runInside(IdMapping ids, Path directory, List<String> step) throws IOException, InterruptedException {
        return runWith(Integer.toString(ids.hostStart()), directory, step);
    }

    /** As above, in a directory that has the ids of the namespace on disk, and so is mapped for it. */
    public String runMapped(IdMapping ids, Path directory, List<String> step) throws IOException, InterruptedException {
        return runWith("mapped:" + ids.hostStart(), directory, step);
    }

    private String runWith(String option, Path directory, List<String> step) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(step);
        arguments.add(option);
        return run(directory, arguments);
    }
}
