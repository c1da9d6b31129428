package io.contree.store.check;

import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.disk.SharedContents;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One entry of a manifest and what is on disk under its name. */
record EntryComparison(TreeEntry entry, Stat stat, Map<String, byte[]> xattrs, Optional<Digest> stub) {
    static final Set<String> MEANINGLESS =
            Set.of("trusted.overlay.origin", "trusted.overlay.impure", "trusted.overlay.nlink", "trusted.overlay.uuid");

    /** How long a capability is that says whose root it is of, and where it says that. */
    private static final int CAPABILITY_WITH_ROOT = 24;

    private static final int ROOT_OF_CAPABILITY = 20;

    interface Target {
        RawPath read() throws LinuxException;
    }

    /** In words; empty if the two are the same, contents aside. */
    List<String> differences(Target target) throws LinuxException {
        if (entry.isWhiteout()) {
            return stat.isWhiteout() ? List.of() : List.of("it is " + name(stat.type()) + " and not a whiteout");
        }
        if (stat.isWhiteout() || stat.type() != entry.type()) {
            return List.of("it is " + (stat.isWhiteout() ? "a whiteout" : name(stat.type())) + " and not "
                    + name(entry.type()));
        }
        List<String> differences = new ArrayList<>();
        differ(
                differences,
                "mode",
                Integer.toOctalString(entry.mode() & 07777),
                Integer.toOctalString(stat.mode() & 07777));
        differ(differences, "owner", entry.uid() + ":" + entry.gid(), stat.uid() + ":" + stat.gid());
        if (entry.isRegular()) {
            differ(differences, "size", entry.size(), stat.size());
            differ(differences, "time of change in ns", entry.mtimeNanos(), stat.mtimeNanos());
        } else if (stat.isSymlink()) {
            differ(differences, "target", entry.target(), target.read());
        } else if (stat.type() == Stat.CHARACTER_DEVICE || stat.type() == Stat.BLOCK_DEVICE) {
            differ(
                    differences,
                    "device",
                    entry.rdevMajor() + ":" + entry.rdevMinor(),
                    stat.rdevMajor() + ":" + stat.rdevMinor());
        }
        notes(differences);
        if (!normalised().equals(entry.xattrs())) {
            differences.add("its extended attributes are not those that it had");
        }
        return differences;
    }

    private static void differ(List<String> differences, String name, Object was, Object is) {
        if (!was.equals(is)) {
            differences.add("its " + name + " is " + is + " and was " + was);
        }
    }

    /** What overlayfs reads in a layer. */
    private void notes(List<String> differences) {
        boolean opaque = stat.isDirectory() && Arrays.equals(xattrs.get(StateXattrs.OPAQUE), StateXattrs.opaqueValue());
        if (opaque != entry.opaque()) {
            differences.add(
                    opaque ? "it hides what lies below it, and did not" : "it no longer hides what lies below it");
        }
        boolean isStub = stub.isPresent();
        for (String name : xattrs.keySet()) {
            boolean means = (stat.isDirectory() && name.equals(StateXattrs.OPAQUE))
                    || (isStub && SharedContents.NOTES.contains(name))
                    || MEANINGLESS.contains(name);
            if (name.startsWith(StateXattrs.OVERLAY_PREFIX) && !means) {
                differences.add("it has the attribute " + name + ", which no layer has");
            }
        }
    }

    private Map<String, String> normalised() {
        byte[] capability = xattrs.get("security.capability");
        int root = capability != null && capability.length == CAPABILITY_WITH_ROOT
                ? ByteBuffer.wrap(capability).order(ByteOrder.LITTLE_ENDIAN).getInt(ROOT_OF_CAPABILITY)
                : 0;
        // Of whichever range of ids it was: it is the image's root that was meant.
        Map<String, String> plain = new StateXattrs(0).normalise(xattrs);
        return plain.equals(entry.xattrs()) ? plain : new StateXattrs(root).normalise(xattrs);
    }

    static String name(int type) {
        return switch (type) {
            case Stat.DIRECTORY -> "a directory";
            case Stat.REGULAR -> "a regular file";
            case Stat.SYMLINK -> "a symbolic link";
            case Stat.FIFO -> "a FIFO";
            case Stat.SOCKET -> "a socket";
            default -> "a device";
        };
    }
}
