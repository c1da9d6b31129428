package io.contree.examples;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;

/** Every run starts from an image and leaves an image; nothing is ever changed. */
public final class QuickStart {
    private QuickStart() {}

    public static void main(String[] args) {
        try (Contree contree = Contree.connect()) {
            Image image = Base.image(contree, args);

            RunResult first = image.shell("echo CHANGES > /file.txt").execute();
            RunResult second = first.image().command("cat", "/file.txt").execute();
            System.out.print(second.stdout());
            System.out.println("the first run left   " + first.image().uuid());
            System.out.println("cat changed nothing: " + second.image().uuid());
            System.out.println("the image is as it was: " + !image.exists("/file.txt"));
        }
    }
}
