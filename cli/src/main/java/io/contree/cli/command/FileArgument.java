package io.contree.cli.command;

import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.sdk.FileContent;
import io.contree.sdk.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file to put into an image, as people type it: {@code LOCAL:PATH[:mMODE][:uUID][:gGID]}. */
record FileArgument(Path local, String destination, FileContent content) {
    static FileArgument parse(String typed) {
        List<String> parts = new ArrayList<>(Arrays.asList(typed.split(":", -1)));
        int mode = -1;
        int uid = 0;
        int gid = 0;
        while (parts.size() > 2 && parts.getLast().matches("[mug]\\d{1,7}")) {
            String setting = parts.removeLast();
            switch (setting.charAt(0)) {
                case 'm' -> mode = octal(typed, setting.substring(1));
                case 'u' -> uid = Integer.parseInt(setting.substring(1));
                default -> gid = Integer.parseInt(setting.substring(1));
            }
        }
        if (parts.size() != 2 || parts.get(0).isEmpty() || parts.get(1).isEmpty()) {
            throw wrong(typed, "is not LOCAL:PATH[:mMODE][:uUID][:gGID]");
        }
        Path local = Path.of(parts.get(0));
        if (!Files.isRegularFile(local)) {
            throw wrong(typed, "names no file: there is no " + local.toAbsolutePath());
        }
        FileContent content = FileContent.of(local).owner(uid, gid);
        return new FileArgument(local, parts.get(1), mode < 0 ? content : content.mode(mode));
    }

    Run placeInto(Run run) {
        return run.file(destination, content);
    }

    private static int octal(String typed, String digits) {
        try {
            int mode = Integer.parseInt(digits, 8);
            if (mode <= 07777) {
                return mode;
            }
        } catch (NumberFormatException e) {
            // The message below says what is wrong.
        }
        throw wrong(typed, "has a mode that is not octal permission bits, such as 0755");
    }

    private static CommandFailedException wrong(String typed, String why) {
        return new CommandFailedException(ExitCode.USAGE, "--file " + typed + " " + why);
    }
}
