package io.contree.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.LtHash;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes that identity is made of, against values computed elsewhere from docs/design/format.md. */
class IdentityTest {
    private static final Optional<Digest> CONTENT =
            Optional.of(Digest.ofContent("aaa".getBytes(StandardCharsets.UTF_8)));

    private static TreeEntry file(long mtime, SortedMap<String, String> xattrs) {
        return new TreeEntry(
                new RawPath("etc/x"), 0100644, false, 1, 2, mtime, 3, CONTENT, RawPath.EMPTY, 0, 0, 0, xattrs);
    }

    private static TreeEntry directory(long mtime) {
        return new TreeEntry(
                new RawPath("d"),
                040755,
                false,
                0,
                0,
                mtime,
                0,
                Optional.empty(),
                RawPath.EMPTY,
                0,
                0,
                0,
                Collections.emptySortedMap());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void anEntryIsHashedFieldByField() {
        TreeEntry entry = file(1_000_000_001L, new TreeMap<>(Map.of("user.a", "\u00ff")));
        assertThat(hex(EntryHash.of(entry, new RawPath("etc/first"), true)))
                .isEqualTo("67eea28f14a8e750da0d5ee9ba1b26ba679d2fdcfb3dcf5edae0a49e3f1868ed");
        assertThat(hex(EntryHash.of(entry, new RawPath("etc/first"), false)))
                .isEqualTo("1835c7a6281bebb6aaff84547d962d3bb7fa69c6ff6048a2b6fb59a57fac1c85");
    }

    @Test
    void timesCountForRegularFilesOnly() {
        SortedMap<String, String> none = Collections.emptySortedMap();
        assertThat(EntryHash.of(file(1, none), RawPath.EMPTY, true))
                .isNotEqualTo(EntryHash.of(file(2, none), RawPath.EMPTY, true));
        assertThat(EntryHash.of(file(1, none), RawPath.EMPTY, false))
                .isEqualTo(EntryHash.of(file(2, none), RawPath.EMPTY, false));
        TreeEntry one = directory(1);
        TreeEntry two = directory(2);
        assertThat(EntryHash.of(one, RawPath.EMPTY, true)).isEqualTo(EntryHash.of(two, RawPath.EMPTY, true));
        assertThat(one.sameAs(two)).isTrue();
    }

    @Test
    void aKeyCoversStateEnvironmentAndDirectory() {
        SortedMap<String, String> env = new TreeMap<>(Map.of("A", "1", "B", "\u00e4"));
        Digest key = ImageKey.of(LtHash.EMPTY, env, "/srv");
        assertThat(key.hex()).isEqualTo("ba5d675c6f3e7de4ad0bd6a65438d8bb90562b922c5ff9f6ede1940841b980c1");
        assertThat(key.uuid()).isEqualTo(UUID.fromString("ba5d675c-6f3e-8de4-ad0b-d6a65438d8bb"));
        assertThat(key.uuid().version()).isEqualTo(8);
        assertThat(key.uuid().variant()).isEqualTo(2);
    }

    @Test
    void capabilitiesOfRootAreTheSameInEveryNamespace() {
        String v2 = "0100000200200000000000000000000000000000";
        StateXattrs mapped = new StateXattrs(100_000);
        assertThat(capability(mapped, "0100000300200000000000000000000000000000" + "a0860100"))
                .isEqualTo(v2);
        assertThat(capability(mapped, "0100000300200000000000000000000000000000" + "00000000"))
                .isEqualTo(v2);
        assertThat(capability(mapped, v2)).isEqualTo(v2);
        String other = "0100000300200000000000000000000000000000" + "01000000";
        assertThat(capability(mapped, other)).isEqualTo(other);
    }

    private static String capability(StateXattrs xattrs, String value) {
        String name = "security.capability";
        return hex(RawPath.bytes(
                xattrs.normalise(Map.of(name, HexFormat.of().parseHex(value))).get(name)));
    }

    @Test
    void whatOverlayfsAndTheHostNoteIsNotPartOfAState() {
        assertThat(StateXattrs.isPartOfState("trusted.overlay.origin")).isFalse();
        assertThat(StateXattrs.isPartOfState("security.selinux")).isFalse();
        assertThat(StateXattrs.isPartOfState("system.nfs4_acl")).isFalse();
        assertThat(StateXattrs.isPartOfState("trusted.other")).isTrue();
        assertThat(StateXattrs.isPartOfState("user.overlay.opaque")).isTrue();
    }
}
