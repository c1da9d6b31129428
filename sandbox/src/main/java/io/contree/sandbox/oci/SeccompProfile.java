package io.contree.sandbox.oci;

import io.contree.linux.SeccompCompiler;
import io.contree.linux.SeccompCompiler.Abi;
import io.contree.linux.SeccompCompiler.Masked;
import io.contree.sandbox.SandboxException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The system calls that a sandbox may make: those of Docker's default profile for Docker's default capabilities, without {@code
 * socketcall} of 32-bit x86, which would make any socket: its arguments lie where a filter does not see them. Calls that
 * the profile denies fail with EPERM, as there. Calls that it does not know fail with ENOSYS, which is what a C library
 * expects of a kernel older than itself: with EPERM it would not fall back.
 *
 * <p>A filter sees arguments of 64 bits of which the kernel reads 32, and a process may put anything into the others. So every
 * comparison in the rules has a mask: {@code value} is the mask and {@code valueTwo} what is to be left of the argument. Rules
 * for one call that differ in their outcome never overlap, so their order does not matter.
 */
final class SeccompProfile {
    private static final int ENOSYS = 38;

    private SeccompProfile() {}

    /** The {@code linux.seccomp} object of an OCI configuration for an architecture as Java names it. */
    static ObjectNode forArchitecture(String architecture) {
        JsonNode rules = load();
        ObjectNode profile = JsonMapper.shared().createObjectNode();
        profile.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", ENOSYS);
        ArrayNode architectures = profile.putArray("architectures");
        ArrayNode syscalls = profile.putArray("syscalls").addAll((ArrayNode) rules.get("common"));
        switch (architecture) {
            case "amd64" -> {
                architectures.add("SCMP_ARCH_X86_64").add("SCMP_ARCH_X86").add("SCMP_ARCH_X32");
                syscalls.addAll((ArrayNode) rules.get("amd64"));
            }
            case "aarch64" -> {
                architectures.add("SCMP_ARCH_AARCH64").add("SCMP_ARCH_ARM");
                syscalls.addAll((ArrayNode) rules.get("arm64"));
            }
            default ->
                throw new SandboxException(
                        SandboxException.Kind.START, "sandboxes need x86-64 or arm64; this machine is " + architecture);
        }
        return profile;
    }

    /**
     * The same as a filter in the kernel's form.
     *
     * @throws IOException if this machine lacks what compiles it
     */
    static byte[] compiled(String architecture) throws IOException {
        JsonNode profile = forArchitecture(architecture);
        int otherwise = SeccompCompiler.failWith(profile.get("defaultErrnoRet").intValue());
        try (SeccompCompiler compiler = new SeccompCompiler(otherwise)) {
            for (JsonNode name : profile.get("architectures")) {
                compiler.add(Abi.valueOf(name.stringValue().substring("SCMP_ARCH_".length())));
            }
            for (JsonNode rule : profile.get("syscalls")) {
                int action = rule.get("action").stringValue().equals("SCMP_ACT_ALLOW")
                        ? SeccompCompiler.ALLOW
                        : SeccompCompiler.failWith(rule.get("errnoRet").intValue());
                if (action != otherwise) {
                    for (JsonNode name : rule.get("names")) {
                        compiler.rule(action, name.stringValue(), conditions(rule));
                    }
                }
            }
            return compiler.compile();
        }
    }

    private static List<Masked> conditions(JsonNode rule) {
        List<Masked> conditions = new ArrayList<>();
        for (JsonNode argument : rule.path("args")) {
            conditions.add(new Masked(
                    argument.get("index").intValue(),
                    argument.get("value").longValue(),
                    argument.get("valueTwo").longValue()));
        }
        return conditions;
    }

    private static JsonNode load() {
        try (InputStream in = SeccompProfile.class.getResourceAsStream("seccomp.json")) {
            if (in == null) {
                throw new IllegalStateException("seccomp.json is missing from the program");
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("seccomp.json cannot be read", e);
        }
    }
}
