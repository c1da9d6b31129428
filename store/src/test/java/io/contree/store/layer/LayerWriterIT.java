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
import io.contree.linux.RawPath;
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
            return view.list(new RawPath(path)).stream()
                    .map(ImageView.Entry::name)
                    .toList();
        }
    }

    @Test
    void theSameTreeInOneLayerAndInThreeIsOneImage() throws Exception {
        Image one = layered(layer -> {
            file(layer, "a/keep", "1");
            file(layer, "a/new", "3");
            layer.hardLink(new RawPath("h2"), new RawPath("a/keep"));
            layer.hardLink(new RawPath("h3"), new RawPath("a/keep"));
            file(layer, "was-dir", "2");
            file(layer, "was-file/x", "2");
        });
        Image three = layered(
                layer -> {
                    file(layer, "a/keep", "1");
                    file(layer, "a/gone", "1");
                    layer.hardLink(new RawPath("h2"), new RawPath("a/keep"));
                    file(layer, "gone/deep/er", "1");
                    file(layer, "was-dir/y", "1");
                    file(layer, "was-file", "1");
                },
                layer -> {
                    layer.whiteout(new RawPath("a/gone"));
                    layer.whiteout(new RawPath("gone"));
                    layer.whiteout(new RawPath("not/there"));
                    file(layer, "was-dir", "2");
                    layer.directory(new RawPath("was-file"), DIRECTORY);
                    file(layer, "was-file/x", "2");
                    file(layer, "a/new", "2");
                    layer.directory(new RawPath("not"), DIRECTORY);
                },
                layer -> {
                    layer.hardLink(new RawPath("h3"), new RawPath("h2"));
                    file(layer, "a/new", "3");
                    layer.whiteout(new RawPath("not"));
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
                layer.directory(new RawPath(path), DIRECTORY);
            }
            for (String path : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf")) {
                layer.file(new RawPath(path), new LayerWriter.Attributes(0644, 0, 0, 0), InputStream.nullInputStream());
            }
        });
        Image hidden = layered(layer -> file(layer, "etc/hosts", "h"), layer -> {
            layer.opaque(RawPath.EMPTY);
            layer.whiteout(new RawPath("etc/hosts"));
            layer.whiteout(new RawPath("proc"));
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
            layer.opaque(new RawPath("d"));
            file(layer, "d/new", "2");
            file(layer, "d/sub/new", "2");
        });
        Image after = layered(lower, layer -> {
            file(layer, "d/sub/new", "2");
            file(layer, "d/new", "2");
            layer.opaque(new RawPath("d"));
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
                    layer.whiteout(new RawPath("d"));
                    layer.whiteout(new RawPath("f"));
                }
                file(layer, "d/new", "2");
                file(layer, "f", "2");
                if (!first) {
                    layer.whiteout(new RawPath("d"));
                    layer.whiteout(new RawPath("f"));
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
            layer.directory(new RawPath("a"), DIRECTORY);
            file(layer, "a/x", "2");
            file(layer, "b/y/z", "1");
            layer.symlink(new RawPath("b"), new RawPath("a"), DIRECTORY);
            layer.symlink(new RawPath("c"), new RawPath("a"), DIRECTORY);
            file(layer, "c", "3");
            layer.directory(
                    new RawPath("d"),
                    new LayerWriter.Attributes(0700, 1, 1, 0, new TreeMap<>(Map.of("user.x", new byte[1]))));
            file(layer, "d/keep", "4");
            layer.directory(new RawPath("d/"), DIRECTORY);
        });
        Image plain = layered(layer -> {
            file(layer, "./a//x", "2");
            layer.symlink(new RawPath("/b"), new RawPath("a"), DIRECTORY);
            file(layer, "c", "3");
            file(layer, "d/keep", "4");
        });
        assertThat(image).isEqualTo(plain);
    }

    @Test
    void parentsThatNobodyListedAreThoseOfTheStack() throws Exception {
        Image image = layered(
                layer -> layer.directory(new RawPath("d"), new LayerWriter.Attributes(01770, 3, 4, 5)),
                layer -> file(layer, "d/x", "1"));
        try (ImageView view = store.store().view(image)) {
            assertThat(view.stat(new RawPath("d"), false).orElseThrow())
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
            layer.file(new RawPath("cap"), new LayerWriter.Attributes(06755, 0, 0, 123_456_789L, xattrs), content("x"));
            layer.directory(
                    new RawPath("d"),
                    new LayerWriter.Attributes(
                            0755, 0, 0, 7, new TreeMap<>(Map.of("trusted.overlay.opaque", new byte[] {'y'}))));
            layer.node(new RawPath("c"), LayerWriter.NodeType.CHARACTER_DEVICE, 4095, 1_048_575, DIRECTORY);
            layer.node(new RawPath("p"), LayerWriter.NodeType.FIFO, 9, 9, DIRECTORY);
            layer.symlink(
                    new RawPath("l\u00ff"), new RawPath("n".repeat(4000)), new LayerWriter.Attributes(0777, 1, 2, 99));
            layer.file(new RawPath("n".repeat(255)), FILE, content(""));
        });
        try (ImageView view = store.store().view(image)) {
            ImageView.Entry cap = view.stat(new RawPath("cap"), false).orElseThrow();
            assertThat(cap.mode()).isEqualTo(0106755);
            assertThat(cap.mtimeNanos()).isEqualTo(123_456_789L);
            assertThat(view.stat(new RawPath("c"), false).orElseThrow().rdevMinor())
                    .isEqualTo(1_048_575);
            assertThat(view.stat(new RawPath("l\u00ff"), false)
                            .orElseThrow()
                            .symlinkTarget()
                            .raw())
                    .hasSize(4000);
            assertThat(view.stat(new RawPath("l\u00ff"), false).orElseThrow().mtimeNanos())
                    .isEqualTo(99);
            assertThat(view.stat(new RawPath("d"), false).orElseThrow().mtimeNanos())
                    .isEqualTo(7);
            assertThat(view.stat(new RawPath("n".repeat(255)), false)).isPresent();
        }
        Path tree = store.layout().layer(image.layers().getFirst()).tree();
        assertThat(FileCalls.xattrs(Fd.CWD, tree.resolve("cap").toString())).containsOnlyKeys("security.capability");
        assertThat(FileCalls.xattrs(Fd.CWD, tree.resolve("d").toString())).isEmpty();
    }

    @Test
    void zerosBecomeHoles() throws Exception {
        byte[] sparse = new byte[40 << 20];
        sparse[20 << 20] = 1;
        LayerId id = store.layer(
                List.of(), layer -> layer.file(new RawPath("sparse"), FILE, new ByteArrayInputStream(sparse)));
        Path file = store.layout().layer(id).tree().resolve("sparse");
        assertThat(Files.size(file)).isEqualTo(sparse.length);
        assertThat(DiskUsage.of(store.layout().layer(id).directory())).isLessThan(100_000);
        Path shared = store.layout().layer(id).contents(); // where the disk cannot share blocks
        Path content = Files.exists(shared) ? store.children(shared).getFirst() : file;
        assertThat(Files.mismatch(content, written(sparse))).isEqualTo(-1);
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
                        layer.symlink(new RawPath("out"), new RawPath(outside.toString()), DIRECTORY);
                        file(layer, "out/x", "x");
                    },
                    layer -> {
                        layer.symlink(new RawPath("up"), new RawPath("../../../../../../.."), DIRECTORY);
                        layer.whiteout(new RawPath("up" + outside + "/x"));
                    },
                    layer -> layer.hardLink(new RawPath("h"), new RawPath("/etc/shadow")),
                    layer -> layer.hardLink(new RawPath("h"), new RawPath("../../../../../etc/shadow")),
                    layer -> {
                        layer.symlink(new RawPath("s"), new RawPath(outside.toString()), DIRECTORY);
                        layer.opaque(new RawPath("s"));
                    },
                    layer -> {
                        layer.directory(new RawPath("d"), DIRECTORY);
                        layer.hardLink(new RawPath("h"), new RawPath("d"));
                    },
                    layer -> layer.hardLink(new RawPath("h"), new RawPath("h")),
                    layer -> layer.node(new RawPath("w"), LayerWriter.NodeType.CHARACTER_DEVICE, 0, 0, DIRECTORY),
                    layer -> layer.symlink(new RawPath("l"), RawPath.EMPTY, DIRECTORY),
                    layer -> layer.whiteout(new RawPath("/")),
                    layer -> layer.file(
                            new RawPath("x"),
                            new LayerWriter.Attributes(
                                    0644, 0, 0, 0, new TreeMap<>(Map.of("user." + "n".repeat(300), new byte[1]))),
                            content("x")),
                    layer -> layer.file(new RawPath("x"), new LayerWriter.Attributes(0644, -1, 0, 0), content("x")));
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
                            layer.symlink(new RawPath("l"), new RawPath("/etc"), DIRECTORY);
                            file(layer, "etc/shadow", "x");
                        },
                        layer -> layer.hardLink(new RawPath("h"), new RawPath("l/shadow"))))
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
                .containsExactly(new Commit.Change(Commit.Kind.ADDED, new RawPath("b")));
        Image empty = store.layers().record(List.of(), noEnv(), "");
        assertThat(names(empty, "/")).containsExactly("dev", "etc", "proc", "sys");
    }
}
