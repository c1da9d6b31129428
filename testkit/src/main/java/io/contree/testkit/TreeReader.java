package io.contree.testkit;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads one tree into entries. */
final class TreeReader {
    private final SortedMap<String, SnapshotEntry> entries = new TreeMap<>();
    private final Map<String, List<String>> pathsOfFile = new HashMap<>();
    private final byte[] buffer = new byte[128 * 1024];

    SortedMap<String, SnapshotEntry> read(Fd root) throws LinuxException {
        Stat stat = FileCalls.stat(root, "");
        entries.put("", entry(root, "", stat));
        readDirectory(root, "");
        nameLinkGroups();
        return entries;
    }

    private void readDirectory(Fd directory, String prefix) throws LinuxException {
        for (FileCalls.Entry child : FileCalls.list(directory)) {
            String path = prefix + child.name();
            Stat stat = FileCalls.stat(directory, child.name());
            entries.put(path, entry(directory, child.name(), stat));
            if (stat.isDirectory()) {
                int flags = FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
                try (Fd opened = FileCalls.open(directory, child.name(), flags, 0, 0)) {
                    readDirectory(opened, path + "/");
                }
            } else if (stat.nlink() > 1) {
                pathsOfFile
                        .computeIfAbsent(stat.device() + ":" + stat.inode(), key -> new ArrayList<>())
                        .add(path);
            }
        }
    }

    private SnapshotEntry entry(Fd directory, String name, Stat stat) throws LinuxException {
        Map<String, String> xattrs = new HashMap<>();
        FileCalls.xattrs(directory, name)
                .forEach((key, value) -> xattrs.put(key, HexFormat.of().formatHex(value)));
        boolean device = stat.type() == Stat.CHARACTER_DEVICE || stat.type() == Stat.BLOCK_DEVICE;
        return new SnapshotEntry(
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.mtimeNanos(),
                stat.isRegular() ? stat.size() : 0,
                content(directory, name, stat),
                "",
                device ? stat.rdevMajor() + ":" + stat.rdevMinor() : "",
                xattrs);
    }

    private String content(Fd directory, String name, Stat stat) throws LinuxException {
        if (stat.isSymlink()) {
            return FileCalls.readLink(directory, name).raw();
        }
        if (!stat.isRegular()) {
            return "";
        }
        MessageDigest digest = sha256();
        try (Fd file = FileCalls.open(directory, name, FileCalls.READ | FileCalls.NO_FOLLOW, 0, 0)) {
            int read = FileCalls.read(file, buffer, 0, buffer.length, -1);
            while (read > 0) {
                digest.update(buffer, 0, read);
                read = FileCalls.read(file, buffer, 0, buffer.length, -1);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void nameLinkGroups() {
        for (List<String> paths : pathsOfFile.values()) {
            String first = paths.stream().sorted().findFirst().orElseThrow();
            if (paths.size() > 1) {
                paths.forEach(path -> entries.computeIfPresent(path, (key, entry) -> entry.inGroup(first)));
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
