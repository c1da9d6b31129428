package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.PlacedFile;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uploaded files, and where they can and cannot be put. */
@ExtendWith(LeakChecker.class)
class PlacementIT {
    private StoreFixture store;
    private Image base;
    private Digest digest;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        base = store.base();
        digest = store.store()
                .files()
                .put(new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)))
                .digest();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private PlacedFile at(String path) {
        return new PlacedFile(new RawPath(path), digest, 0640, 1, 2);
    }

    @Test
    void theSameBytesAreOneFile() throws Exception {
        StoredFile again =
                store.store().files().put(new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)));
        assertThat(again.digest()).isEqualTo(digest);
        assertThat(store.catalog.file(again.uuid())).contains(again);
        assertThat(again.size()).isEqualTo(7);
        assertThat(Files.readString(store.layout().file(digest))).isEqualTo("content");
        assertThat(store.children(store.layout().temporary())).isEmpty();
    }

    @Test
    void aFailingUploadLeavesNothing() throws Exception {
        InputStream failing = new InputStream() {
            private boolean started;

            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (started) {
                    return read();
                }
                started = true;
                return 3;
            }
        };
        assertThatThrownBy(() -> store.store().files().put(failing))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
        assertThat(store.catalog.files()).containsExactly(digest);
        assertThat(store.children(store.layout().temporary())).isEmpty();
    }

    @Test
    void aPlacedFileIsPartOfTheImage() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        try (Checkout checkout = store.store().checkout(base)) {
            checkout.place(at("bin/app"));
            Path placed = checkout.root().resolve("bin/app");
            assertThat(Files.readString(placed)).isEqualTo("content");
            assertThat(Files.getLastModifiedTime(placed).toInstant()).isAfter(before);
            Image image = checkout.commit(base.env(), base.cwd()).image();
            try (ImageView view = store.store().view(image)) {
                assertThat(view.stat(new RawPath("bin/app"), false).orElseThrow())
                        .extracting(e -> e.mode() & 07777, ImageView.Entry::uid, ImageView.Entry::gid)
                        .containsExactly(0640, 1, 2);
            }
        }
    }

    @Test
    void linksAndFilesAreReplacedAndNotWrittenThrough() throws Exception {
        try (Checkout checkout = store.store().checkout(base)) {
            checkout.place(at("/link"));
            checkout.place(at("data/a"));
            assertThat(Files.isSymbolicLink(checkout.root().resolve("link"))).isFalse();
            assertThat(Files.readString(checkout.root().resolve("data/linked"))).isEqualTo("aaa");
            assertThat(Files.readString(checkout.root().resolve("data/a"))).isEqualTo("content");
        }
    }

    @Test
    void hostileLinksLeadNowhereElse() throws Exception {
        Path outside = Files.createTempDirectory("contree-outside-");
        try {
            Image hostile = store.after(
                    base,
                    root -> shell(
                            root,
                            "ln -s / up; ln -s " + outside + " abs; ln -s ../../../../../../../.." + outside
                                    + " rel; ln -s /proc/self/root magic; mkdir ./" + outside.getParent()
                                    + " -p; ln -s nowhere dangling; ln -s circle circle"));
            try (Checkout checkout = store.store().checkout(hostile)) {
                checkout.place(at("up/up/etc/placed"));
                assertThat(checkout.root().resolve("etc/placed")).exists();
                for (String path : new String[] {"abs/x", "rel/x", "magic/x", "dangling/x", "circle/x"}) {
                    refused(checkout, path);
                }
            }
            assertThat(store.children(outside)).isEmpty();
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void pathsThatCannotHoldAFileAreRefusedInWords() throws Exception {
        try (Checkout checkout = store.store().checkout(base)) {
            assertThat(refused(checkout, "data")).contains("there is a directory");
            assertThat(refused(checkout, "data/x/")).contains("names a directory");
            assertThat(refused(checkout, "/")).contains("names a directory");
            assertThat(refused(checkout, "data/../../x")).contains("\"..\"");
            assertThat(refused(checkout, "data/a/x")).contains("is not a directory");
            assertThat(refused(checkout, "data/" + "n".repeat(256))).contains("longer than 255");
            assertThat(refused(checkout, "n/".repeat(3000) + "x")).contains("4095");
            assertThat(checkout.commit(base.env(), base.cwd()).image()).isEqualTo(base);
        }
    }

    private String refused(Checkout checkout, String path) {
        StoreException[] refusal = new StoreException[1];
        assertThatThrownBy(() -> checkout.place(at(path)))
                .as(path)
                .isInstanceOfSatisfying(StoreException.class, e -> refusal[0] = e);
        assertThat(refusal[0].kind()).isEqualTo(StoreException.Kind.INVALID);
        return refusal[0].getMessage();
    }

    @Test
    void anUnknownFileIsNotFound() throws Exception {
        Digest unknown = Digest.of(new byte[32]);
        try (Checkout checkout = store.store().checkout(base)) {
            assertThatThrownBy(() -> checkout.place(new PlacedFile(new RawPath("x"), unknown, 0644, 0, 0)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
        }
    }
}
