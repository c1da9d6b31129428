package io.contree.cli.demo;

import io.contree.cli.local.LocalSource;
import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Image;
import io.contree.sdk.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The image that the story starts from: busybox from docker.io, or from this machine if that cannot be reached. */
public final class BaseImage {
    private static final String TAG = "busybox:latest";
    private static final String REGISTRY = "registry-1.docker.io";
    private static final int HTTPS = 443;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration IMPORT_TIMEOUT = Duration.ofSeconds(60);

    private final Future<Boolean> reachable;

    /**
     * What was found.
     *
     * @param origin where it came from, for people
     */
    record Found(Image image, String origin) {}

    private BaseImage(Future<Boolean> reachable) {
        this.reachable = reachable;
    }

    /** Begins to find out whether docker.io can be reached, while the server starts. */
    public static BaseImage lookAround() {
        FutureTask<Boolean> probe = new FutureTask<>(BaseImage::connects);
        Thread thread = new Thread(probe, "probe");
        thread.setDaemon(true);
        thread.start();
        return new BaseImage(probe);
    }

    /**
     * Imports the image, or finds it from an earlier demo.
     *
     * @param workshop a directory for a root file system
     */
    Found obtain(Contree contree, Path workshop) throws InterruptedException {
        try {
            return new Found(contree.images().find(TAG), "busybox, from an earlier demo");
        } catch (NotFoundException e) {
            // The first demo on this data.
        }
        String why = REGISTRY + " cannot be reached within " + PATIENCE.toSeconds() + " s";
        if (isReachable()) {
            try {
                return new Found(
                        contree.images()
                                .importFrom("docker://docker.io/library/" + TAG)
                                .tag(TAG)
                                .timeout(IMPORT_TIMEOUT)
                                .execute(),
                        "busybox from docker.io");
            } catch (ContreeClientException e) {
                why = "docker.io did not give its busybox (" + e.getMessage() + ")";
            }
        }
        return ofThisMachine(contree, workshop, why);
    }

    private static Found ofThisMachine(Contree contree, Path workshop, String why) {
        Path busybox = StaticBusybox.find()
                .orElseThrow(() -> new UncheckedIOException(
                        why + ", and this machine has no static busybox: apt-get install busybox-static",
                        new IOException("no static busybox")));
        try {
            Path root = workshop.resolve("rootfs");
            StaticBusybox.install(busybox, root);
            String sent = new LocalSource("rootfs", root, Optional.empty()).send(contree);
            Image image = contree.images().importFrom(sent).tag(TAG).execute();
            return new Found(image, "busybox from this machine, " + busybox + ", since " + why);
        } catch (IOException e) {
            throw new UncheckedIOException("could not make a root file system in " + workshop + ": " + e, e);
        }
    }

    private boolean isReachable() throws InterruptedException {
        try {
            // Looking up the name has no time limit of its own.
            return reachable.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static boolean connects() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (InetAddress address : InetAddress.getAllByName(REGISTRY)) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left > 0 && connects(address, (int) left)) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            // No name service, no registry.
        }
        return false;
    }

    private static boolean connects(InetAddress address, int timeoutMillis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, HTTPS), timeoutMillis);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
