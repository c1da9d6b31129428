package io.contree.store;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.util.Map;

/** Gives a file on disk the attributes of an entry. */
final class EntryAttributes {
    private EntryAttributes() {}

    /** Owner, permissions, xattrs and times, in an order in which none undoes another. */
    static void apply(TreeEntry entry, Fd directory, String name) throws LinuxException {
        FileCalls.chown(directory, name, entry.uid(), entry.gid());
        if (entry.type() != Stat.SYMLINK) {
            FileCalls.chmod(directory, name, entry.mode() & 07777);
        }
        for (Map.Entry<String, String> xattr : entry.xattrs().entrySet()) {
            FileCalls.setXattr(directory, name, xattr.getKey(), RawPath.bytes(xattr.getValue()));
        }
        FileCalls.setTimes(directory, name, entry.mtimeNanos());
    }
}
