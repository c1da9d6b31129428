package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** What a run may ask for; whatever breaks a rule is refused before anything is done. */
public final class SpawnRules {
    /** Program, arguments and variables travel to init in one frame of at most 1 MiB, with a length before each. */
    private static final int MAX_FRAME = (1 << 20) - 4096;

    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");

    private SpawnRules() {}

    /** INVALID_ARGUMENT with the rule that is broken. */
    public static void check(SpawnRequest request) {
        check(request.process());
        refuseIf(request.timeout() < 1, "timeout is " + request.timeout() + ": it must be a second or more");
        refuseIf(request.resourcesLimits().maxLayerBytes() < 1, "resources_limits.max_layer_bytes must be 1 or more");
        refuseIf(
                !HOSTNAME.matcher(request.hostname()).matches(),
                "hostname must be 1 to 64 letters, digits, _, . and -");
    }

    /** As above, for any process. */
    public static void check(ProcessRequest request) {
        refuseIf(request.command().isEmpty(), "command is empty: name a program or, with shell, an expression");
        refuseIf(request.truncateOutputAt() < 0, "truncate_output_at is negative");
        refuseIf(request.uid() < 0 || request.gid() < 0, "uid and gid must not be negative");
        refuseIf(!request.cwd().isEmpty() && !request.cwd().startsWith("/"), "cwd is not absolute: " + request.cwd());
        StdinBytes.of(request.stdin());
        checkTexts(request);
    }

    private static void checkTexts(ProcessRequest request) {
        long bytes = checkText("command", request.command()) + checkText("cwd", request.cwd());
        for (String arg : request.args()) {
            bytes += checkText("args", arg);
        }
        for (Map.Entry<String, String> variable : request.env().entrySet()) {
            refuseIf(
                    variable.getKey().isEmpty() || variable.getKey().indexOf('=') >= 0,
                    "env has a name that is empty or has a \"=\": \"" + variable.getKey() + "\"");
            bytes += checkText("env", variable.getKey()) + checkText("env", variable.getValue());
        }
        refuseIf(
                bytes > MAX_FRAME,
                "command, args and env have " + bytes + " bytes, more than " + MAX_FRAME
                        + "; pass large inputs through stdin or files");
    }

    private static long checkText(String field, String text) {
        refuseIf(text.indexOf('\0') >= 0, field + " has a NUL character");
        return text.getBytes(StandardCharsets.UTF_8).length + 8L;
    }

    private static void refuseIf(boolean broken, String why) {
        if (broken) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, why);
        }
    }
}
