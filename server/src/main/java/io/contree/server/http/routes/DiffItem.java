package io.contree.server.http.routes;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageDiff.Aspect;
import io.contree.store.ImageDiff.Difference;
import io.contree.store.ImageDiff.Side;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A difference of two images on the wire.
 *
 * @param path absolute; of a rename the new one
 * @param pathBase64 the bytes of the path, if they are not UTF-8
 * @param changed what differs, where there is something on both sides
 */
record DiffItem(
        String kind,
        String path,
        @Nullable String pathBase64,
        List<String> changed,
        @Nullable Entry before,
        @Nullable Entry after) {
    /**
     * One side.
     *
     * @param mode full {@code st_mode}
     * @param size of a regular file
     * @param mtime of a regular file, in seconds, and the part below a second
     * @param xattrs Base64 of the values
     */
    record Entry(
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
            @Nullable Map<String, String> xattrs) {
        static Entry of(Side side) {
            FileType type = FileType.of(side.mode());
            boolean file = type == FileType.REGULAR;
            boolean link = type == FileType.SYMLINK;
            boolean device = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
            return new Entry(
                    type.name().toLowerCase(Locale.ROOT),
                    ImagePath.absolute(side.path()),
                    ImagePath.base64(side.path()),
                    side.mode(),
                    side.uid(),
                    side.gid(),
                    file ? side.size() : null,
                    file ? Stat.seconds(side.mtimeNanos()) : null,
                    file ? Stat.nanosOfSecond(side.mtimeNanos()) : null,
                    link ? side.target().toString() : null,
                    ImagePath.base64(side.target()),
                    side.link().isEmpty() ? null : ImagePath.absolute(side.link()),
                    device ? side.rdevMajor() : null,
                    device ? side.rdevMinor() : null,
                    side.xattrs().isEmpty() ? null : values(side.xattrs()));
        }

        private static Map<String, String> values(Map<String, String> xattrs) {
            return xattrs.entrySet().stream()
                    .collect(Collectors.toMap(
                            attribute -> RawPath.toText(attribute.getKey()),
                            attribute -> Base64.getEncoder().encodeToString(RawPath.bytes(attribute.getValue()))));
        }
    }

    static DiffItem of(Difference difference) {
        return new DiffItem(
                difference.kind().name().toLowerCase(Locale.ROOT),
                ImagePath.absolute(difference.path()),
                ImagePath.base64(difference.path()),
                difference.aspects().stream().map(DiffItem::name).toList(),
                difference.before().map(Entry::of).orElse(null),
                difference.after().map(Entry::of).orElse(null));
    }

    private static String name(Aspect aspect) {
        return aspect.name().toLowerCase(Locale.ROOT);
    }

    /** About how much memory it takes, in bytes. */
    static long weight(Difference difference) {
        return Stream.of(difference.before(), difference.after())
                .flatMap(Optional::stream)
                .mapToLong(side -> 400L
                        + 4L * side.path().length()
                        + 2L * side.target().length()
                        + side.xattrs().values().stream()
                                .mapToLong(value -> 3L * value.length())
                                .sum())
                .sum();
    }
}
