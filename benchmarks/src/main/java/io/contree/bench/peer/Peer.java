package io.contree.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another runtime that can do what a server does, or some of it. */
public interface Peer extends AutoCloseable {
    String name();

    /** Makes an image of a root directory and returns what it is called by. */
    String image(Path root) throws IOException, InterruptedException;

    /**
     * The command line of a shell command in a container of its own, without a network, that is thrown away at its end. It is used
     * once.
     */
    List<String> command(String image, String shell) throws IOException;

    /** As above, for a command that reads its standard input. */
    List<String> reading(String image, String shell) throws IOException;

    @Override
    void close() throws IOException;
}
