package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.linux.RawPath;
import io.contree.linux.UserNamespace;
import io.contree.store.Checkout;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.PlacedFile;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
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
        inside(IdMapping.DEFAULT, root, script);
    }

    private static void inside(IdMapping mapping, Path root, String script) throws Exception {
        String map = mapping.extents().stream()
                .map(extent -> extent.inside() + " " + extent.outside() + " " + extent.size() + "\\n")
                .collect(Collectors.joining());
        String program = PROGRAM.replace("@SCRIPT@", script).replace("@MAP@", map);
        shell(Path.of("/"), "python3 - " + root + " <<'PY'\n" + program + "PY");
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
                open("/proc/%d/%s" % (pid, kind), "w").write("@MAP@")
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
    void everyOwnerIsKept() throws Exception {
        Digest digest =
                store.store().files().put(new ByteArrayInputStream(new byte[1])).digest();
        try (Checkout checkout = store.store().checkout(base)) {
            checkout.place(new PlacedFile(new RawPath("placed"), digest, 0600, 70_000, Integer.MAX_VALUE));
            inside(
                    checkout.root(),
                    "stat -c %u:%g placed | grep -x 70000:2147483647; echo x > new; chown 65536:2000000000 new;"
                            + " chown 70000 data/b; echo more >> data/b; setfacl -m u:70000:r,g:90000:r data/sub");
            Image image = checkout.commit(base.env(), base.cwd()).image();
            try (ImageView view = store.store().view(image)) {
                assertThat(view.stat(new RawPath("placed"), false).orElseThrow())
                        .extracting(ImageView.Entry::uid, ImageView.Entry::gid)
                        .containsExactly(70_000, Integer.MAX_VALUE);
                assertThat(view.stat(new RawPath("new"), false).orElseThrow())
                        .extracting(ImageView.Entry::uid, ImageView.Entry::gid)
                        .containsExactly(65_536, 2_000_000_000);
                assertThat(view.stat(new RawPath("data/b"), false).orElseThrow().uid())
                        .isEqualTo(70_000);
            }
            assertThat(store.after(image, root -> inside(root, "getfacl -n data/sub | grep -x user:70000:r--")))
                    .isEqualTo(image);
        }
    }

    /** Each run has ids of its own; what it does to the image does not depend on them. */
    @Test
    void theSameRunWithOtherIdsIsTheSameImage() throws Exception {
        IdMapping other = IdMapping.DEFAULT.next(3);
        String script =
                "printf hi > new; chown 33:70000 new; touch -d @5 new; rm data/b; setcap cap_net_raw+ep data/sub/c;"
                        + " setfacl -m u:33:r,u:70000:r data/sub; setfattr -n user.a -v b new";
        Image changed = store.after(base, root -> inside(root, script));
        try (UserNamespace users = UserNamespace.create(other)) {
            try (Checkout checkout = store.store().checkout(base, Optional.of(users))) {
                assertThat(Files.getAttribute(checkout.root().resolve("data/a"), "unix:uid"))
                        .isEqualTo(other.hostStart());
                inside(other, checkout.root(), script);
                assertThat(checkout.commit(base.env(), base.cwd()).image()).isEqualTo(changed);
            }
            try (Checkout checkout = store.store().checkout(changed, Optional.of(users))) {
                inside(
                        other,
                        checkout.root(),
                        "getcap data/sub/c | grep net_raw; getfacl -n data/sub | grep -x user:70000:r--;"
                                + " stat -c %u:%g new | grep -x 33:70000; setcap -r data/sub/c;"
                                + " setcap cap_net_raw+ep data/sub/c");
                assertThat(checkout.commit(base.env(), base.cwd()).image()).isEqualTo(changed);
            }
        }
        assertThat(store.after(changed, root -> inside(root, "getcap data/sub/c | grep net_raw")))
                .isEqualTo(changed);
    }
}
