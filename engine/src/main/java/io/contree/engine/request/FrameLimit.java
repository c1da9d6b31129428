package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ProcessRequest;
import java.nio.charset.StandardCharsets;

/**
 * How long a command may be. Program, arguments and variables travel to init in one frame of at most 1 MiB, with a length before
 * each, and Linux takes at most 128 KiB for one of them. An expression for a shell is not bound by that.
 */
public final class FrameLimit {
    private static final int MAX_FRAME = (1 << 20) - 4096;
    /** Bytes of the longest argument or variable that Linux takes; its end is marked by one more. */
    public static final int LONGEST_STRING = (128 << 10) - 1;

    private FrameLimit() {}

    /** INVALID_ARGUMENT for a process that does not fit. */
    public static void check(ProcessRequest request) {
        checkWhole(request);
        if (!request.shell()) {
            checkString("command", bytes(request.command()));
            for (int i = 0; i < request.args().size(); i++) {
                checkString("args[" + i + "]", bytes(request.args().get(i)));
            }
        }
        request.env().forEach((name, value) -> checkString("env." + shortened(name), bytes(name) + 1 + bytes(value)));
    }

    private static void checkWhole(ProcessRequest request) {
        long bytes = size(request.command()) + size(request.cwd());
        for (String arg : request.args()) {
            bytes += size(arg);
        }
        for (var variable : request.env().entrySet()) {
            bytes += size(variable.getKey()) + size(variable.getValue());
        }
        if (bytes > MAX_FRAME) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "command, args and env have " + bytes + " bytes, more than " + MAX_FRAME
                            + "; pass large inputs through stdin or files");
        }
    }

    private static void checkString(String field, int bytes) {
        if (bytes > LONGEST_STRING) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " has " + bytes + " bytes, and Linux takes at most " + LONGEST_STRING
                            + " for one argument or variable; pass large inputs through stdin or files");
        }
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }

    private static long size(String text) {
        return bytes(text) + 8L;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
