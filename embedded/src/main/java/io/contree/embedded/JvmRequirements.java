package io.contree.embedded;

import io.contree.linux.Host;

/** What this JVM must offer before the server can look at the machine. */
final class JvmRequirements {
    private static final String FLAG = "--enable-native-access=ALL-UNNAMED";

    private JvmRequirements() {}

    /** @throws CannotStartException saying what is missing */
    static void check() {
        String system = System.getProperty("os.name", "");
        if (!system.equals("Linux")) {
            throw new CannotStartException(
                    "it needs Linux, and this is " + system + "; use the client with a server on a Linux machine",
                    new UnsupportedOperationException(system));
        }
        try {
            Host.isRoot();
        } catch (IllegalCallerException | LinkageError e) {
            throw new CannotStartException(
                    "this JVM refuses system calls (" + e + "); start it with " + FLAG
                            + " (Maven: <argLine> of surefire and failsafe; Gradle: jvmArgs)",
                    e);
        }
    }
}
