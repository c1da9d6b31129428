package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.IdMapping;
import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.PlacedFile;
import io.contree.store.StoreException;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkouts with ids mapped: natural owners on disk and in the state, mapped ones in the mount. */
@ExtendWith(LeakChecker.class)
class MappedCheckoutIT {
    private StoreFixture store;
    private Image base;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture(Optional.of(IdMapping.DEFAULT));
        base = store.base();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** Runs a script as a user of a namespace with the store's mapping, with the mount as its root directory. */
    private static void inside(Path root, String script) throws Exception {
        shell(Path.of("/"), "python3 - " + root + " <<'PY'\n" + PROGRAM.replace("@SCRIPT@", script) + "PY");
    }

    /** A child makes a user namespace, the parent writes its maps, and the child becomes its root. */
    private static final String PROGRAM = """
            import os, sys, subprocess, ctypes
            r1, w1 = os.pipe(); r2, w2 = os.pipe()
            pid = os.fork()
            if pid == 0:
                if ctypes.CDLL(None).unshare(0x10000000) != 0: os._exit(9)
                os.write(w1, b"x"); os.read(r2, 1)
                os.setgid(0); os.setuid(0); os.setgroups([])
                os.chdir(sys.argv[1])
                os._exit(subprocess.call(["sh", "-ec", '''@SCRIPT@''']))
            os.read(r1, 1)
            for kind in ("uid_map", "gid_map"):
                open("/proc/%d/%s" % (pid, kind), "w").write("0 100000 65536")
            os.write(w2, b"x")
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;

    @Test
    void theMountShowsMappedIdsAndTheViewNaturalOnes() throws Exception {
        Image changed = store.after(base, root -> {
            assertThat(Files.getAttribute(root.resolve("data/a"), "unix:uid")).isEqualTo(100_000);
            inside(root, "echo x > new; chown 33:34 new; mkdir d; chmod 4711 new");
            assertThat(Files.getAttribute(root.resolve("new"), "unix:uid")).isEqualTo(100_033);
        });
        try (ImageView view = store.store().view(changed)) {
            ImageView.Entry entry = view.stat(new RawPath("new"), false).orElseThrow();
            assertThat(entry.uid()).isEqualTo(33);
            assertThat(entry.gid()).isEqualTo(34);
            assertThat(entry.mode() & 07777).isEqualTo(04711);
            assertThat(view.stat(new RawPath("d"), false).orElseThrow().uid()).isZero();
            assertThat(view.names().user(33)).contains("www-data");
        }
    }

    @Test
    void theSameRunWithoutMappingIsTheSameImage() throws Exception {
        String script = "printf hi > new; chown 33:34 new; touch -d @5 new; rm data/b; "
                + "setcap cap_net_raw+ep data/sub/c; setfacl -m u:33:r data/sub; setfattr -n user.a -v b new";
        Image mapped = store.after(base, root -> inside(root, script));
        try (StoreFixture plain = new StoreFixture()) {
            Image same = plain.after(plain.base(), root -> shell(root, script));
            assertThat(mapped.state()).isEqualTo(same.state());
            assertThat(mapped.uuid()).isEqualTo(same.uuid());
        }
    }

    @Test
    void undoingInsideIsTheParent() throws Exception {
        Image changed = store.after(base, root -> inside(root, "echo x > etc/new; chown 5 data; chmod 600 data/b"));
        assertThat(store.after(changed, root -> inside(root, "rm etc/new; chown 0 data; chmod 644 data/b")))
                .isEqualTo(base);
    }

    @Test
    void capabilitiesSetInsideAreKeptInside() throws Exception {
        Image changed =
                store.after(base, root -> inside(root, "setcap cap_net_raw+ep data/b; getcap data/b | grep net_raw"));
        Image later = store.after(changed, root -> inside(root, "getcap data/b | grep net_raw"));
        assertThat(later).isEqualTo(changed);
    }

    @Test
    void placedFilesBelongToIdsInside() throws Exception {
        Digest digest = store.store()
                .files()
                .put(new ByteArrayInputStream("placed".getBytes(StandardCharsets.UTF_8)))
                .digest();
        try (Checkout checkout = store.store().checkout(base)) {
            checkout.place(new PlacedFile(new RawPath("opt/x/y"), digest, 04755, 33, 34));
            checkout.place(new PlacedFile(new RawPath("/data/b"), digest, 0600, 0, 0));
            assertThat(Files.getAttribute(checkout.root().resolve("opt/x/y"), "unix:uid"))
                    .isEqualTo(100_033);
            inside(checkout.root(), "echo more >> data/b");
            Image image = checkout.commit(base.env(), base.cwd()).image();
            assertThat(store.read(image, "data/b")).isEqualTo("placedmore\n");
            try (ImageView view = store.store().view(image)) {
                assertThat(view.stat(new RawPath("opt/x/y"), false).orElseThrow())
                        .extracting(ImageView.Entry::uid, ImageView.Entry::gid, e -> e.mode() & 07777)
                        .containsExactly(33, 34, 04755);
                assertThat(view.stat(new RawPath("opt/x"), false).orElseThrow())
                        .extracting(ImageView.Entry::uid, e -> e.mode() & 07777)
                        .containsExactly(0, 0755);
            }
        }
    }

    @Test
    void anOwnerThatTheMappingLacksIsRefused() throws Exception {
        Digest digest =
                store.store().files().put(new ByteArrayInputStream(new byte[1])).digest();
        try (Checkout checkout = store.store().checkout(base)) {
            assertThatThrownBy(() -> checkout.place(new PlacedFile(new RawPath("x"), digest, 0644, 70_000, 0)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("70000")
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(StoreException.Kind.INVALID);
        }
    }
}
