package io.contree.sandbox.oci;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The container's first process: our init, as root of the sandbox. What it runs has Docker's default capabilities.
 *
 * @param openFiles hard limit of open files
 */
record OciProcess(long openFiles) {
    /** Where init appears inside: on the tmpfs at {@code /dev}, so never in an image. */
    static final String INIT = "/dev/.contree-init";

    static final List<String> CAPABILITIES = List.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");

    // Init needs it for the filter that keeps it out of reach of what it runs, and gives it up for good before it runs
    // anything.
    private static final String INITS_OWN = "CAP_SYS_ADMIN";

    static final long MAX_OPEN_FILES = 1 << 20;
    // The many programs that close every descriptor up to the soft limit should not take seconds to do so.
    static final long USUAL_OPEN_FILES = 1 << 16;
    // When the whole machine is out of memory, the kernel kills a sandbox rather than the server.
    private static final int OOM_SCORE_ADJ = 100;

    ObjectNode toJson() {
        ObjectNode process = JsonMapper.shared().createObjectNode();
        process.put("terminal", false).put("cwd", "/").put("noNewPrivileges", false);
        process.put("oomScoreAdj", OOM_SCORE_ADJ);
        process.putObject("user").put("uid", 0).put("gid", 0);
        process.putArray("args").add(INIT);
        process.putArray("env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            ArrayNode names = capabilities.putArray(set);
            CAPABILITIES.forEach(names::add);
            names.add(INITS_OWN);
        }
        ArrayNode limits = process.putArray("rlimits");
        limit(limits, "RLIMIT_CORE", 0, 0);
        limit(limits, "RLIMIT_NOFILE", Math.min(openFiles, USUAL_OPEN_FILES), Math.min(openFiles, MAX_OPEN_FILES));
        return process;
    }

    private static void limit(ArrayNode limits, String type, long soft, long hard) {
        limits.addObject().put("type", type).put("soft", soft).put("hard", hard);
    }
}
