package io.contree.server;

import java.util.List;

/** The server as a program of its own, for tests that send it signals. */
final class ServerProgram {
    private ServerProgram() {}

    public static void main(String[] arguments) {
        System.exit(new ServerMain(System.getenv(), System.out, System.err).run(List.of(arguments)));
    }
}
