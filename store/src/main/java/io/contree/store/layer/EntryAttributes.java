package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.util.Map;
import java.util.Set;

/** Gives a file on disk the attributes of an entry. */
public final class EntryAttributes {
    private EntryAttributes() {}

    /** Owner, permissions, xattrs and times, in an order in which none undoes another. */
    public static void apply(TreeEntry entry, Fd directory, String name) throws LinuxException {
        FileCalls.chown(directory, name, entry.uid(), entry.gid());
        removeXattrs(directory, name, entry.xattrs().keySet());
        if (entry.type() != Stat.SYMLINK) {
            FileCalls.chmod(directory, name, entry.mode() & 07777);
        }
        for (Map.Entry<String, String> xattr : entry.xattrs().entrySet()) {
            FileCalls.setXattr(directory, name, xattr.getKey(), RawPath.bytes(xattr.getValue()));
        }
        FileCalls.setTimes(directory, name, entry.mtimeNanos());
    }

    /** Removes those that are part of a state, such as an access list inherited from the directory, except for some. */
    static void removeXattrs(Fd directory, String name, Set<String> but) throws LinuxException {
        for (String xattr : FileCalls.xattrs(directory, name).keySet()) {
            if (StateXattrs.isPartOfState(xattr) && !but.contains(xattr)) {
                FileCalls.removeXattr(directory, name, xattr);
            }
        }
    }
}
