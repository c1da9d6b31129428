package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ProcessRequest;
import java.nio.charset.StandardCharsets;

/** Program, arguments and variables travel to init in one frame of at most 1 MiB, with a length before each. */
public final class FrameLimit {
    private static final int MAX_FRAME = (1 << 20) - 4096;

    private FrameLimit() {}

    /** INVALID_ARGUMENT for a process that does not fit. */
    public static void check(ProcessRequest request) {
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

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + 8L;
    }
}
