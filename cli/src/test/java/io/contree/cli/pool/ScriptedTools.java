package io.contree.cli.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Programs that do nothing but keep a sysfs of loop devices as the real ones would, and fail where they are told to. */
class ScriptedTools implements Tools {
    final List<String> calls = new ArrayList<>();
    final Set<Tool> absent = EnumSet.noneOf(Tool.class);
    final Path blockDevices;
    private String failing = "none";
    String blkid = "LABEL=contree\nTYPE=xfs\n";

    ScriptedTools(Path blockDevices) {
        this.blockDevices = blockDevices;
    }

    /** Calls that begin so fail from now on. */
    ScriptedTools failingAt(String call) {
        failing = call;
        return this;
    }

    @Override
    public boolean has(Tool tool) {
        return !absent.contains(tool);
    }

    @Override
    public String run(Tool tool, List<String> arguments) {
        String call = tool.program() + " " + String.join(" ", arguments);
        calls.add(call);
        if (call.startsWith(failing)) {
            throw new PoolException(call + " failed: as it was told to");
        }
        try {
            return switch (tool) {
                case BLKID -> blkid;
                case LOSETUP -> losetup(arguments);
                default -> "";
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String losetup(List<String> arguments) throws IOException {
        Path about = blockDevices.resolve("loop7/loop");
        switch (arguments.getFirst()) {
            case "--find" -> {
                Files.createDirectories(about);
                Files.writeString(about.resolve("backing_file"), arguments.getLast() + "\n");
                Files.writeString(about.resolve("dio"), "0\n");
            }
            case "--direct-io=on" -> Files.writeString(about.resolve("dio"), "1\n");
            case "--detach" -> Files.delete(about.resolve("backing_file"));
            default -> {}
        }
        return "/dev/loop7";
    }
}
