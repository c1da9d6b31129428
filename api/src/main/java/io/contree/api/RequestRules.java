package io.contree.api;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.StringNode;

/**
 * What the values of requests may be, however a request was made. A value that breaks a rule is an INVALID_ARGUMENT
 * that names the field, what was given and what is allowed.
 */
final class RequestRules {
    private static final int MAX_URL = 4096;
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");

    private RequestRules() {}

    static void command(String command) {
        require(!command.isEmpty(), "command", command, "a non-empty string");
        text("command", command);
    }

    static void args(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            text("args[" + i + "]", args.get(i));
        }
    }

    static void env(Map<String, String> env) {
        env.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || !WireText.isValid(name)) {
                throw JsonFields.invalid("env." + name, "named so", "a name without '=' or NUL");
            }
            // The value may be a secret, so it is not shown.
            if (!WireText.isValid(value)) {
                throw JsonFields.invalid("env." + name, "of another type", WireText.ALLOWED + ", or null");
            }
        });
    }

    static void cwd(String cwd) {
        require(
                cwd.isEmpty() || (cwd.startsWith("/") && cwd.length() <= DestinationPath.MAX_LENGTH),
                "cwd",
                cwd,
                "an absolute path of at most 4095 bytes, or \"\" for the image's own");
        text("cwd", cwd);
    }

    /** Numbers beside it may only repeat it: models of clients fill in a 0. */
    static void user(String user, int uid, int gid) {
        require(UserName.isValid(user) && WireText.isValid(user), "user", user, UserName.SYNTAX);
        boolean agrees = (uid == 0 || uid == UserName.uid(user)) && (gid == 0 || gid == UserName.gid(user));
        require(
                user.isEmpty() || agrees,
                "user",
                user,
                "either user, or uid and gid, which are " + uid + " and " + gid + " here");
    }

    static void hostname(String hostname) {
        require(
                HOSTNAME.matcher(hostname).matches(),
                "hostname",
                hostname,
                "up to 64 letters, digits, '-', '.' and '_', with a letter or digit at each end");
    }

    static void url(String url) {
        String bare = url.strip();
        require(
                !bare.isEmpty() && bare.length() <= MAX_URL && bare.chars().noneMatch(c -> c < ' ' || c == 127),
                "registry.url",
                url,
                "a reference such as docker://docker.io/library/busybox:latest");
    }

    static void tag(String tag) {
        require(TagName.isValid(tag), "tag", tag, TagName.SYNTAX);
    }

    static void atLeast(int least, String field, long given) {
        if (given < least) {
            throw JsonFields.invalid(field, Long.toString(given), "a whole number from " + least + " on");
        }
    }

    private static void text(String field, String given) {
        require(WireText.isValid(given), field, given, WireText.ALLOWED);
    }

    private static void require(boolean kept, String field, String given, String allowed) {
        if (!kept) {
            throw JsonFields.invalid(field, JsonFields.shown(StringNode.valueOf(given)), allowed);
        }
    }
}
