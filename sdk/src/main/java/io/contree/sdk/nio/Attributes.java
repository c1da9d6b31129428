package io.contree.sdk.nio;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The attributes of an entry, also by the names and in the types that the JDK has for them on Unix. */
record Attributes(UUID image, Entry entry) implements PosixFileAttributes {
    static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "unix");

    /** In the order of the bits of a mode, from the lowest. */
    private static final PosixFilePermission[] PERMISSIONS = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    /** What tells one file of an image from another. */
    private record Key(UUID image, Object file) {}

    private ListedEntry listed() {
        return entry.listed();
    }

    @Override
    public UserPrincipal owner() {
        return new ImageUser(listed().uid(), listed().owner());
    }

    @Override
    public GroupPrincipal group() {
        return new ImageGroup(listed().gid(), listed().group());
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < PERMISSIONS.length; bit++) {
            if ((listed().mode() >> bit & 1) == 1) {
                permissions.add(PERMISSIONS[bit]);
            }
        }
        return permissions;
    }

    @Override
    public FileTime lastModifiedTime() {
        int nanos = listed().detailed().map(ListedEntry.Details::mtimeNanos).orElse(0);
        return FileTime.from(Instant.ofEpochSecond(listed().mtime(), nanos));
    }

    @Override
    public FileTime lastAccessTime() {
        return lastModifiedTime();
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime();
    }

    @Override
    public boolean isRegularFile() {
        return listed().isRegular();
    }

    @Override
    public boolean isDirectory() {
        return listed().isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
        return listed().isSymlink();
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public long size() {
        return listed().size();
    }

    /** The real path, or the inode of what has several names; unknown for those if the server does not give it. */
    @Override
    public @Nullable Object fileKey() {
        if (isDirectory() || listed().nlink() <= 1) {
            return new Key(image, entry.path());
        }
        return listed().detailed()
                .map(details -> new Key(image, details.inode()))
                .orElse(null);
    }

    /**
     * The attributes of a view by name.
     *
     * @throws UnsupportedOperationException if there is no such view
     */
    Map<String, @Nullable Object> view(String view) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        switch (view) {
            case "basic" -> addBasic(values);
            case "owner" -> values.put("owner", owner());
            case "posix" -> addPosix(values);
            case "unix" -> {
                addPosix(values);
                addUnix(values);
            }
            default -> throw new UnsupportedOperationException("there is no view '" + view + "' but " + VIEWS);
        }
        return values;
    }

    private void addBasic(Map<String, @Nullable Object> values) {
        values.put("lastModifiedTime", lastModifiedTime());
        values.put("lastAccessTime", lastAccessTime());
        values.put("creationTime", creationTime());
        values.put("size", size());
        values.put("isRegularFile", isRegularFile());
        values.put("isDirectory", isDirectory());
        values.put("isSymbolicLink", isSymbolicLink());
        values.put("isOther", isOther());
        values.put("fileKey", fileKey());
    }

    private void addPosix(Map<String, @Nullable Object> values) {
        addBasic(values);
        values.put("permissions", permissions());
        values.put("owner", owner());
        values.put("group", group());
    }

    private void addUnix(Map<String, @Nullable Object> values) {
        values.put("mode", listed().mode());
        values.put("ino", inode());
        values.put("dev", image.getMostSignificantBits());
        values.put("rdev", listed().detailed().map(Attributes::device).orElse(0L));
        values.put("nlink", listed().nlink());
        values.put("uid", (int) listed().uid());
        values.put("gid", (int) listed().gid());
        values.put("ctime", lastModifiedTime());
    }

    /** If the server does not give it, the path tells files apart. */
    private long inode() {
        return listed().detailed()
                .map(ListedEntry.Details::inode)
                .orElse(Integer.toUnsignedLong(entry.path().hashCode()));
    }

    /** As {@code makedev} of Linux packs it. */
    private static long device(ListedEntry.Details details) {
        long major = details.rdevMajor();
        long minor = details.rdevMinor();
        return (major & 0xFFFFF000L) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFFFF00L) << 12 | (minor & 0xFF);
    }
}
