package io.contree.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compiles a filter of system calls into the kernel's form, an array of {@code struct sock_filter}, with libseccomp (seccomp_init(3)
 * and its siblings): what OCI runtimes do too. Not safe for use by several threads.
 */
public final class SeccompCompiler implements AutoCloseable {
    /** What is done to a call that is allowed. */
    public static final int ALLOW = 0x7fff_0000;

    private static final String LIBRARY = "libseccomp.so.2";
    private static final int ERRNO = 0x0005_0000;
    private static final int UNKNOWN_CALL = -1;
    private static final int MASKED_EQUAL = 7;
    private static final int OPTIMIZE = 8;
    private static final int BINARY_TREE = 2;
    private static final int EEXIST = 17;
    /** {@code struct scmp_arg_cmp}: index, operation, two operands. */
    private static final int COMPARISON = 24;

    private final Arena arena = Arena.ofConfined();
    private final SymbolLookup library;
    private final MemorySegment context;

    /** Architectures as libseccomp names them: {@code SCMP_ARCH_} and their name. */
    public enum Abi {
        X86_64(0xC000_003E),
        X86(0x4000_0003),
        X32(0x4000_003E),
        AARCH64(0xC000_00B7),
        ARM(0x4000_0028);

        private final int token;

        Abi(int token) {
            this.token = token;
        }
    }

    /** True of an argument that, with only the bits of a mask left, has a value. */
    public record Masked(int argument, long mask, long value) {}

    /**
     * Begins a filter.
     *
     * @param otherwise what is done to a call of no rule
     * @throws IOException if this machine has no libseccomp
     */
    public SeccompCompiler(int otherwise) throws IOException {
        try {
            this.library = SymbolLookup.libraryLookup(LIBRARY, arena);
        } catch (IllegalArgumentException e) {
            arena.close();
            throw new IOException(
                    LIBRARY + " is not there to compile a filter of system calls; install libseccomp2", e);
        }
        this.context = (MemorySegment)
                call("seccomp_init", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT), otherwise);
        check(integer("seccomp_attr_set", context, OPTIMIZE, BINARY_TREE), "seccomp_attr_set");
    }

    /** What is done to a call that fails with an error number. */
    public static int failWith(int errno) {
        return ERRNO | errno;
    }

    /** Lets programs of an architecture make calls; the machine's own may always. */
    public void add(Abi abi) throws IOException {
        int result = integer("seccomp_arch_add", context, abi.token);
        if (result != -EEXIST) {
            check(result, "seccomp_arch_add(" + abi + ")");
        }
    }

    /** Adds a rule for calls of which all is true. A call that the library does not know is left out. */
    public void rule(int action, String name, List<Masked> conditions) throws IOException {
        int number = (int) call(
                "seccomp_syscall_resolve_name",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                arena.allocateFrom(name));
        if (number == UNKNOWN_CALL) {
            return;
        }
        MemorySegment comparisons = arena.allocate((long) COMPARISON * Math.max(1, conditions.size()), 8);
        for (int i = 0; i < conditions.size(); i++) {
            long at = (long) COMPARISON * i;
            comparisons.set(ValueLayout.JAVA_INT, at, conditions.get(i).argument());
            comparisons.set(ValueLayout.JAVA_INT, at + 4, MASKED_EQUAL);
            comparisons.set(ValueLayout.JAVA_LONG, at + 8, conditions.get(i).mask());
            comparisons.set(ValueLayout.JAVA_LONG, at + 16, conditions.get(i).value());
        }
        check(
                integer("seccomp_rule_add_array", context, action, number, conditions.size(), comparisons),
                "seccomp_rule_add(" + name + ")");
    }

    /** The filter. */
    public byte[] compile() throws IOException {
        try (CallMemory memory = CallMemory.take();
                Fd file = new Fd((int) Syscalls.check(
                        Syscalls.call(memory, Call.MEMFD_CREATE, memory.path("memfd_create", "seccomp"), 1),
                        "memfd_create",
                        ""))) {
            check(integer("seccomp_export_bpf", context, file.number()), "seccomp_export_bpf");
            return Files.readAllBytes(Path.of(file.procPath()));
        }
    }

    private int integer(String function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
        }
        return (int) call(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), arguments);
    }

    private Object call(String function, FunctionDescriptor shape, Object... arguments) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(function), shape);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall throws no checked exception", impossible);
        }
    }

    private static void check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException("libseccomp refuses " + what + ": error " + -result);
        }
    }

    @Override
    public void close() {
        MethodHandle release = Linker.nativeLinker()
                .downcallHandle(library.findOrThrow("seccomp_release"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        try {
            release.invoke(context);
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall throws no checked exception", impossible);
        } finally {
            arena.close();
        }
    }
}
