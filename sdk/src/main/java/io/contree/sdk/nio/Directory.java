package io.contree.sdk.nio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A directory of the image with all that it holds, in the server's order. */
final class Directory {
    private static final int ROOT_MODE = 0040755;

    private final Entry self;
    private final List<Entry> entries;
    private final Map<String, Entry> byName;

    private Directory(Entry self, List<Entry> entries) {
        this.self = self;
        this.entries = entries;
        this.byName = new HashMap<>();
        entries.forEach(entry -> byName.putIfAbsent(entry.listed().name(), entry));
    }

    static Directory of(String path, ListedDirectory listed) {
        // Servers that say nothing about the directory itself leave the root without attributes; these are usual.
        ListedEntry own = listed.self() != null
                ? listed.self()
                : new ListedEntry(".", 0, "root", "root", 0, 0, ROOT_MODE, 0, 1, "", null);
        Entry self = new Entry(path, own);
        List<Entry> entries = new ArrayList<>(listed.files().size());
        listed.files().forEach(entry -> entries.add(new Entry(self.childPath(entry.name()), entry)));
        return new Directory(self, List.copyOf(entries));
    }

    Entry self() {
        return self;
    }

    List<Entry> entries() {
        return entries;
    }

    Optional<Entry> child(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
