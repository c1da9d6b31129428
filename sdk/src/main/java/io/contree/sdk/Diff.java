package io.contree.sdk;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two images.
 *
 * @param differences in the order of their paths, a directory before what is in it; a rename stands where the new name does
 */
public record Diff(UUID from, UUID to, Totals totals, List<Entry> differences) {
    public Diff {
        differences = List.copyOf(differences);
    }

    /** How many differences there are of each kind. */
    public record Totals(long added, long modified, long deleted, long renamed) {}

    /**
     * One difference.
     *
     * @param kind {@code added}, {@code modified}, {@code deleted} or {@code renamed}
     * @param path absolute; of a rename the new one. What is not UTF-8 in it is shown as U+FFFD
     * @param pathBase64 the bytes of the path, if they are not UTF-8
     * @param changed what differs, where there is something on both sides: {@code type}, {@code content}, {@code mode},
     *     {@code owner}, {@code time}, {@code target}, {@code device}, {@code xattrs}
     * @param before what was there, null if it was added
     * @param after what is there, null if it was deleted
     */
    public record Entry(
            String kind,
            String path,
            @Nullable String pathBase64,
            List<String> changed,
            @Nullable Side before,
            @Nullable Side after) {
        public Entry {
            changed = List.copyOf(changed);
        }

        /** The old path of a file that was renamed. */
        public Optional<String> renamedFrom() {
            return kind.equals("renamed") ? Optional.ofNullable(before).map(Side::path) : Optional.empty();
        }
    }

    /**
     * An entry of one of the two.
     *
     * @param type {@code regular}, {@code directory}, {@code symlink}, {@code fifo}, {@code socket}, {@code character_device} or
     *     {@code block_device}
     * @param mode full {@code st_mode}
     * @param size of a regular file, in bytes
     * @param mtime of a regular file, in seconds since 1970
     * @param mtimeNanos the part of it below a second
     * @param hardLinkOf the first name of a file that has several, which may be this one
     * @param xattrs their values in Base64
     */
    public record Side(
            String type,
            String path,
            @Nullable String pathBase64,
            int mode,
            int uid,
            int gid,
            @Nullable Long size,
            @Nullable Long mtime,
            @Nullable Integer mtimeNanos,
            @Nullable String symlinkTo,
            @Nullable String symlinkToBase64,
            @Nullable String hardLinkOf,
            @Nullable Integer rdevMajor,
            @Nullable Integer rdevMinor,
            @Nullable Map<String, String> xattrs) {}

    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /** A part of it, as the server sends it. */
    record Page(
            UUID from,
            UUID to,
            Totals totals,
            List<Entry> differences,
            @Nullable String nextCursor) {}
}
