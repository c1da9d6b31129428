package io.contree.store.overlay;

import io.contree.linux.IdMapping;
import io.contree.linux.UserNamespace;
import io.contree.store.Checkout;
import io.contree.store.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Measures what a chain of commits costs by its depth, without sandboxes; run by hand, as root: {@code DepthSpeed DIRECTORY STEPS}. */
final class DepthSpeed {
    private DepthSpeed() {}

    public static void main(String[] args) throws Exception {
        int steps = Integer.parseInt(args[1]);
        Path data = Files.createTempDirectory(Path.of(args[0]), "contree-depth-");
        try (StoreFixture store = new StoreFixture(data, Optional.empty(), 64)) {
            Image image = store.base();
            double[] mount = new double[steps];
            double[] commit = new double[steps];
            int highest = 0;
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                try (Checkout checkout = store.store().checkout(image)) {
                    mount[i] = (System.nanoTime() - start) / 1e6;
                    Path directory = Files.createDirectories(
                            checkout.root().resolve("steps").resolve(Integer.toString(i % 100)));
                    Files.writeString(directory.resolve(Integer.toString(i)), "step " + i);
                    long written = System.nanoTime();
                    image = checkout.commit(image.env(), image.cwd()).image();
                    commit[i] = (System.nanoTime() - written) / 1e6;
                }
                highest = Math.max(highest, image.layers().size());
                if ((i + 1) % (steps / 5) == 0) {
                    print("checkout", i + 1, Arrays.copyOfRange(mount, i + 1 - steps / 5, i + 1));
                    print("commit  ", i + 1, Arrays.copyOfRange(commit, i + 1 - steps / 5, i + 1));
                    System.out.println("highest stack so far: " + highest);
                }
            }
            heights(store, image);
        }
    }

    private static void heights(StoreFixture store, Image deep) throws Exception {
        Image low = store.base();
        Optional<UserNamespace> users = Optional.of(UserNamespace.create(IdMapping.DEFAULT));
        for (Image image : new Image[] {low, store.settled(deep)}) {
            double[] mount = new double[200];
            for (int i = 0; i < mount.length; i++) {
                long start = System.nanoTime();
                store.store().checkout(image, users).close();
                mount[i] = (System.nanoTime() - start) / 1e6;
            }
            print("open and close, id-mapped, layers:", image.layers().size(), mount);
        }
        users.get().close();
    }

    private static void print(String what, int at, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                "%s %6d: p50 %6.2f  p90 %6.2f  p99 %6.2f  max %7.2f ms%n",
                what,
                at,
                millis[millis.length / 2],
                millis[millis.length * 9 / 10],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1]);
    }
}
