package io.contree.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server under the name that its figures have, with a client and a small image. */
public final class MeasuredServer implements AutoCloseable {
    private final String name;
    private final ServerProcess process;
    private final Client client;
    private final String image;

    private MeasuredServer(String name, ServerProcess process, Client client, String image) {
        this.name = name;
        this.process = process;
        this.client = client;
        this.image = image;
    }

    /**
     * Starts one.
     *
     * @param runtime what isolates its runs; empty for what a server takes by itself
     * @param root what its image is made of
     */
    public static MeasuredServer start(String runtime, Path home, List<String> options, Path root)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        if (!runtime.isEmpty()) {
            all.addAll(List.of("--runtime", runtime));
        }
        ServerProcess process = ServerProcess.start(home, all);
        try {
            Client client = new Client(process.uri(), process.token());
            String image = client.importImage("rootfs:" + root);
            return new MeasuredServer(runtime.isEmpty() ? "contree" : "contree " + runtime, process, client, image);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    public ServerProcess process() {
        return process;
    }

    public Client client() {
        return client;
    }

    /** A root of busybox. */
    public String image() {
        return image;
    }

    /** Runs a command on the small image, keeps its state and returns that. */
    public String run(String command) throws IOException, InterruptedException {
        return client.run(image, command);
    }

    /** Runs a command on the small image and throws its state away. */
    public void runDisposable(String command) throws IOException, InterruptedException {
        client.run(image, command, Map.of("disposable", true));
    }

    @Override
    public void close() {
        process.close();
    }
}
