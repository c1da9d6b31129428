package io.contree.store.layer;

import static io.contree.store.overlay.StoreFixture.DIRECTORY;
import static io.contree.store.overlay.StoreFixture.FILE;
import static io.contree.store.overlay.StoreFixture.file;
import static io.contree.store.overlay.StoreFixture.noEnv;
import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.StoreException;
import io.contree.store.manifest.StackSums;
import io.contree.store.overlay.DiskUsage;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Layers listed entry by entry, as an importer does. */
@ExtendWith(LeakChecker.class)
class LayerWriterIT {
    private StoreFixture store;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        assertThat(store.children(store.layout().temporary())).isEmpty();
        store.close();
    }

    private Image layered(StoreFixture.Listing... layers) throws Exception {
        List<LayerId> stack = List.of();
        for (StoreFixture.Listing listing : layers) {
            stack = LayerDraft.plus(stack, store.layer(stack, listing));
        }
        return store.layers().record(stack, noEnv(), "");
    }

    private List<String> names(Image image, String path) {
        try (ImageView view = store.store().view(image)) {
            return view.list(path).stream().map(ImageView.Entry::name).toList();
        }
    }

    @Test
    void theSameTreeInOneLayerAndInThreeIsOneImage() throws Exception {
        Image one = layered(layer -> {
            file(layer, "a/keep", "1");
            file(layer, "a/new", "3");
            layer.hardLink("h2", "a/keep");
            layer.hardLink("h3", "a/keep");
            file(layer, "was-dir", "2");
            file(layer, "was-file/x", "2");
        });
        Image three = layered(
                layer -> {
                    file(layer, "a/keep", "1");
                    file(layer, "a/gone", "1");
                    layer.hardLink("h2", "a/keep");
                    file(layer, "gone/deep/er", "1");
                    file(layer, "was-dir/y", "1");
                    file(layer, "was-file", "1");
                },
                layer -> {
                    layer.whiteout("a/gone");
                    layer.whiteout("gone");
                    layer.whiteout("not/there");
                    file(layer, "was-dir", "2");
                    layer.directory("was-file", DIRECTORY);
                    file(layer, "was-file/x", "2");
                    file(layer, "a/new", "2");
                    layer.directory("not", DIRECTORY);
                },
                layer -> {
                    layer.hardLink("h3", "h2");
                    file(layer, "a/new", "3");
                    layer.whiteout("not");
                });
        assertThat(three.state()).isEqualTo(one.state());
        assertThat(three).isEqualTo(one);
        assertThat(StackSums.addedUp(store.stack(one)).state()).isEqualTo(one.state());
    }

    @Test
    void anImageWithAndOneWithoutMountPointsAreTheSame() throws Exception {
        Image without = layered(layer -> file(layer, "x", "x"));
        Image with = layered(layer -> {
            file(layer, "x", "x");
            for (String path : List.of("dev", "proc", "sys", "etc")) {
                layer.directory(path, DIRECTORY);
            }
            for (String path : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf")) {
                layer.file(path, new LayerWriter.Attributes(0644, 0, 0, 0), InputStream.nullInputStream());
            }
        });
        Image hidden = layered(layer -> file(layer, "etc/hosts", "h"), layer -> {
            layer.opaque("");
            layer.whiteout("etc/hosts");
            layer.whiteout("proc");
            file(layer, "x", "x");
        });
        assertThat(with).isEqualTo(without);
        assertThat(hidden).isEqualTo(without);
    }

    @Test
    void opaqueHidesWhatIsBelowAndNothingOfTheLayer() throws Exception {
        StoreFixture.Listing lower = layer -> {
            file(layer, "d/old", "1");
            file(layer, "d/sub/old", "1");
        };
        Image before = layered(lower, layer -> {
            layer.opaque("d");
            file(layer, "d/new", "2");
            file(layer, "d/sub/new", "2");
        });
        Image after = layered(lower, layer -> {
            file(layer, "d/sub/new", "2");
            file(layer, "d/new", "2");
            layer.opaque("d");
        });
        assertThat(names(before, "d")).containsExactly("new", "sub");
        assertThat(names(before, "d/sub")).containsExactly("new");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aWhiteoutNextToItsFileHidesTheLowerOneOnly() throws Exception {
        StoreFixture.Listing lower = layer -> {
            file(layer, "d/old", "1");
            file(layer, "f", "1");
        };
        for (boolean first : new boolean[] {true, false}) {
            Image image = layered(lower, layer -> {
                if (first) {
                    layer.whiteout("d");
                    layer.whiteout("f");
                }
                file(layer, "d/new", "2");
                file(layer, "f", "2");
                if (!first) {
                    layer.whiteout("d");
                    layer.whiteout("f");
                }
            });
            assertThat(names(image, "d")).containsExactly("new");
            assertThat(store.read(image, "f")).isEqualTo("2");
        }
    }

    @Test
    void laterEntriesReplaceEarlierOnes() throws Exception {
        Image image = layered(layer -> {
            file(layer, "a", "1");
            layer.directory("a", DIRECTORY);
            file(layer, "a/x", "2");
            file(layer, "b/y/z", "1");
            layer.symlink("b", "a", DIRECTORY);
            layer.symlink("c", "a", DIRECTORY);
            file(layer, "c", "3");
            layer.directory(
                    "d", new LayerWriter.Attributes(0700, 1, 1, 0, new TreeMap<>(Map.of("user.x", new byte[1]))));
            file(layer, "d/keep", "4");
            layer.directory("d/", DIRECTORY);
        });
        Image plain = layered(layer -> {
            file(layer, "./a//x", "2");
            layer.symlink("/b", "a", DIRECTORY);
            file(layer, "c", "3");
            file(layer, "d/keep", "4");
        });
        assertThat(image).isEqualTo(plain);
    }

    @Test
    void parentsThatNobodyListedAreThoseOfTheStack() throws Exception {
        Image image = layered(
                layer -> layer.directory("d", new LayerWriter.Attributes(01770, 3, 4, 5)),
                layer -> file(layer, "d/x", "1"));
        try (ImageView view = store.store().view(image)) {
            assertThat(view.stat("d", false).orElseThrow())
                    .extracting(e -> e.mode() & 07777, ImageView.Entry::uid, ImageView.Entry::mtimeNanos)
                    .containsExactly(01770, 3, 5L);
        }
    }

    @Test
    void everythingOfAnEntryArrives() throws Exception {
        byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
        Image image = layered(layer -> {
            var xattrs = new TreeMap<>(Map.of(
                    "security.capability",
                    capability,
                    "trusted.overlay.opaque",
                    new byte[] {'y'},
                    "security.selinux",
                    new byte[1]));
            layer.file("cap", new LayerWriter.Attributes(06755, 0, 0, 123_456_789L, xattrs), content("x"));
            layer.directory(
                    "d",
                    new LayerWriter.Attributes(
                            0755, 0, 0, 7, new TreeMap<>(Map.of("trusted.overlay.opaque", new byte[] {'y'}))));
            layer.node("c", LayerWriter.NodeType.CHARACTER_DEVICE, 4095, 1_048_575, DIRECTORY);
            layer.node("p", LayerWriter.NodeType.FIFO, 9, 9, DIRECTORY);
            layer.symlink("l\u00ff", "n".repeat(4000), new LayerWriter.Attributes(0777, 1, 2, 99));
            layer.file("n".repeat(255), FILE, content(""));
        });
        try (ImageView view = store.store().view(image)) {
            ImageView.Entry cap = view.stat("cap", false).orElseThrow();
            assertThat(cap.mode()).isEqualTo(0106755);
            assertThat(cap.mtimeNanos()).isEqualTo(123_456_789L);
            assertThat(view.stat("c", false).orElseThrow().rdevMinor()).isEqualTo(1_048_575);
            assertThat(view.stat("l\u00ff", false).orElseThrow().symlinkTarget())
                    .hasSize(4000);
            assertThat(view.stat("l\u00ff", false).orElseThrow().mtimeNanos()).isEqualTo(99);
            assertThat(view.stat("d", false).orElseThrow().mtimeNanos()).isEqualTo(7);
            assertThat(view.stat("n".repeat(255), false)).isPresent();
        }
        Path tree = store.layout().layer(image.layers().getFirst()).tree();
        assertThat(FileCalls.xattrs(Fd.CWD, tree.resolve("cap").toString())).containsOnlyKeys("security.capability");
        assertThat(FileCalls.xattrs(Fd.CWD, tree.resolve("d").toString())).isEmpty();
    }

    @Test
    void zerosBecomeHoles() throws Exception {
        byte[] sparse = new byte[40 << 20];
        sparse[20 << 20] = 1;
        LayerId id = store.layer(List.of(), layer -> layer.file("sparse", FILE, new ByteArrayInputStream(sparse)));
        Path file = store.layout().layer(id).tree().resolve("sparse");
        assertThat(Files.size(file)).isEqualTo(sparse.length);
        assertThat(DiskUsage.of(store.layout().layer(id).tree())).isLessThan(100_000);
        assertThat(Files.mismatch(file, written(sparse))).isEqualTo(-1);
    }

    private Path written(byte[] bytes) throws Exception {
        return Files.write(store.data.resolve("expected"), bytes);
    }

    @Test
    void aSparseTerabyteCostsLittle() throws Exception {
        Image base = layered(layer -> file(layer, "x", "x"));
        Image huge = store.after(
                base,
                root -> shell(
                        root,
                        "truncate -s 1T huge; printf x | dd of=huge bs=1 seek=500G conv=notrunc status=none; touch -d @1 huge"));
        Image same = store.after(
                base,
                root -> shell(
                        root,
                        "truncate -s 1T huge; printf x | dd of=huge bs=1 seek=500G conv=notrunc status=none; touch -d @1 huge"));
        Image other = store.after(
                base,
                root -> shell(
                        root,
                        "truncate -s 1T huge; printf x | dd of=huge bs=1 seek=501G conv=notrunc status=none; touch -d @1 huge"));
        assertThat(same).isEqualTo(huge);
        assertThat(other.uuid()).isNotEqualTo(huge.uuid());
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void impossibleEntriesAreRefusedAndLeaveNothing() throws Exception {
        Path outside = Files.createTempDirectory("contree-outside-");
        try {
            List<StoreFixture.Listing> hostile = List.of(
                    layer -> file(layer, "../x", "x"),
                    layer -> file(layer, "a/../../x", "x"),
                    layer -> file(layer, "", "x"),
                    layer -> file(layer, ".", "x"),
                    layer -> file(layer, "a\0b", "x"),
                    layer -> file(layer, "n".repeat(256), "x"),
                    layer -> file(layer, "n/".repeat(2100) + "x", "x"),
                    layer -> {
                        layer.symlink("out", outside.toString(), DIRECTORY);
                        file(layer, "out/x", "x");
                    },
                    layer -> {
                        layer.symlink("up", "../../../../../../..", DIRECTORY);
                        layer.whiteout("up" + outside + "/x");
                    },
                    layer -> layer.hardLink("h", "/etc/shadow"),
                    layer -> layer.hardLink("h", "../../../../../etc/shadow"),
                    layer -> {
                        layer.symlink("s", outside.toString(), DIRECTORY);
                        layer.opaque("s");
                    },
                    layer -> {
                        layer.directory("d", DIRECTORY);
                        layer.hardLink("h", "d");
                    },
                    layer -> layer.hardLink("h", "h"),
                    layer -> layer.node("w", LayerWriter.NodeType.CHARACTER_DEVICE, 0, 0, DIRECTORY),
                    layer -> layer.symlink("l", "", DIRECTORY),
                    layer -> layer.whiteout("/"),
                    layer -> layer.file(
                            "x",
                            new LayerWriter.Attributes(
                                    0644, 0, 0, 0, new TreeMap<>(Map.of("user." + "n".repeat(300), new byte[1]))),
                            content("x")),
                    layer -> layer.file("x", new LayerWriter.Attributes(0644, -1, 0, 0), content("x")));
            for (int i = 0; i < hostile.size(); i++) {
                StoreFixture.Listing listing = hostile.get(i);
                assertThatThrownBy(() -> store.layer(List.of(), listing))
                        .as("case %s", i)
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
            }
            assertThat(store.children(outside)).isEmpty();
            assertThat(store.children(store.layout().layers())).isEmpty();
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void aHardLinkThroughALinkOfTheStackIsRefused() throws Exception {
        assertThatThrownBy(() -> layered(
                        layer -> {
                            layer.symlink("l", "/etc", DIRECTORY);
                            file(layer, "etc/shadow", "x");
                        },
                        layer -> layer.hardLink("h", "l/shadow")))
                .hasMessageContaining("not a file in the image");
    }

    @Test
    void recordingIsRepeatableAndSharesLayers() throws Exception {
        LayerId lower = store.layer(List.of(), layer -> file(layer, "a", "1"));
        LayerId upper = store.layer(List.of(lower), layer -> file(layer, "b", "2"));
        Image one = store.layers().record(List.of(lower), noEnv(), "");
        Image two = store.layers().record(List.of(lower, upper), noEnv(), "");
        assertThat(store.layers().record(List.of(lower, upper), noEnv(), "/")).isEqualTo(two);
        assertThat(store.store().changes(one, two, 10).listed())
                .containsExactly(new Commit.Change(Commit.Kind.ADDED, "b"));
        Image empty = store.layers().record(List.of(), noEnv(), "");
        assertThat(names(empty, "/")).containsExactly("dev", "etc", "proc", "sys");
    }
}
