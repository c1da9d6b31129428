package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import io.contree.testkit.RootFs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Owners of 65,536 and above, through everything that a server does with an image. */
class HighIdsIT extends SharedServerSuite {
    private static final int ID = 70_000;

    private static Path owned(Path file, int id) throws Exception {
        Files.setAttribute(file, "unix:uid", id, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", id, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        return file;
    }

    @Test
    void anImageWithThemIsImportedShownRunAndPacked() throws Exception {
        Path tree = RootFs.busybox(Files.createDirectory(home.resolve("high-tree")));
        Files.writeString(
                owned(Files.createDirectory(tree.resolve("theirs")), ID).resolve("file"), "secret\n");
        Files.setAttribute(owned(tree.resolve("theirs/file"), ID), "unix:mode", 0600);
        Files.writeString(tree.resolve("last"), "");
        owned(tree.resolve("last"), Integer.MAX_VALUE);
        Path tar = RootFs.pack(tree, home.resolve("high.tar"));

        Image image = contree.images().importFrom("rootfs:" + tree).execute();
        assertThat(contree.images().importFrom("rootfs:" + tar).execute().uuid())
                .isEqualTo(image.uuid());
        assertThat(image.ls("/theirs").getFirst().uid()).isEqualTo(ID);
        assertThat(image.shell("cat /theirs/file; ls -ln /").execute().image().uuid())
                .isEqualTo(image.uuid());
        RunResult theirs = image.shell("id -u; cat /theirs/file; echo more >> /theirs/file; stat -c %u:%g /last")
                .user(ID, ID)
                .execute();
        assertThat(theirs.stdout()).as(theirs.stderr()).isEqualTo(ID + "\nsecret\n2147483647:2147483647\n");
        assertThat(theirs.image().readText("/theirs/file")).isEqualTo("secret\nmore\n");

        Path packed = home.resolve("high-out.tar");
        try (var archive = theirs.image().archive("/theirs")) {
            Files.copy(archive, packed);
        }
        Path unpacked = Files.createDirectory(home.resolve("high-out"));
        RootFs.unpack(packed, unpacked);
        assertThat(Files.getAttribute(unpacked.resolve("file"), "unix:uid")).isEqualTo(ID);
    }

    @Test
    void aRunGivesThemAwayAndTakesThemBack() {
        Image changed = after(busybox, "mkdir /w; echo x > /w/f; chown -R 70000:80000 /w; chown 2147483647 /w/f");
        assertThat(changed.ls("/w").getFirst().uid()).isEqualTo(Integer.MAX_VALUE);
        assertThat(after(changed, "stat -c %u:%g /w /w/f").uuid()).isEqualTo(changed.uuid());
        assertThat(after(changed, "chown 5 /w; chown 70000 /w").uuid()).isEqualTo(changed.uuid());
        assertThat(after(changed, "rm -r /w").uuid()).isEqualTo(busybox.uuid());
    }

    @Test
    void aTarIsUnpackedWithThem() {
        Image changed = after(
                busybox, "cd /tmp && echo x > f && chown 70000:4000000 f && tar cf /t f && rm f && tar xf /t && rm /t");
        assertThat(changed.shell("stat -c %u:%g /tmp/f").execute().stdout()).isEqualTo("70000:4000000\n");
    }
}
