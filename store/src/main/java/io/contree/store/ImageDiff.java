package io.contree.store;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What differs between two images, or a page of it. It is found in manifests alone: nothing is mounted or started.
 *
 * @param differences in the order of their paths; a rename stands where the new name does
 * @param totals of all pages
 * @param next where the next page begins: after this path; empty on the last one
 */
public record ImageDiff(List<Difference> differences, Totals totals, Optional<RawPath> next) {
    /** With more files added and deleted than this, no renames are looked for. */
    public static final int MOST_RENAME_CANDIDATES = 20_000;

    public ImageDiff {
        differences = List.copyOf(differences);
    }

    /** What happened at a path. */
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED,
        /** A regular file is gone under one name and there under another, with equal content that is not empty. */
        RENAMED
    }

    /** What of an entry differs. */
    public enum Aspect {
        TYPE,
        CONTENT,
        MODE,
        OWNER,
        TIME,
        TARGET,
        DEVICE,
        XATTRS
    }

    /**
     * What to find.
     *
     * @param within paths whose differences count, with those below them; the empty path is all
     * @param without paths whose differences do not, nor those below them
     * @param times whether files that differ in nothing but their time of modification count
     * @param renames whether to find renames, and not an addition and a deletion
     * @param after only what comes after this path; empty at the begin
     * @param limit how many at most, above 0
     */
    public record Query(
            List<RawPath> within,
            List<RawPath> without,
            boolean times,
            boolean renames,
            Optional<RawPath> after,
            int limit) {
        public Query {
            within = List.copyOf(within);
            without = List.copyOf(without);
            if (limit < 1) {
                throw new IllegalArgumentException("a page has at least one difference: " + limit);
            }
        }

        /** The same, further on. */
        public Query from(RawPath path) {
            return new Query(within, without, times, renames, Optional.of(path), limit);
        }
    }

    /** How many there are of each kind. */
    public record Totals(long added, long modified, long deleted, long renamed) {
        public long all() {
            return added + modified + deleted + renamed;
        }
    }

    /**
     * An entry of one of the images.
     *
     * @param path without a leading slash; empty for the root
     * @param mode full st_mode
     * @param mtimeNanos since the epoch; of regular files only
     * @param size in bytes, of regular files only
     * @param content of regular files, by its content hash
     * @param target of a symbolic link, else empty
     * @param link the first name of a file that has several, else empty
     * @param xattrs with raw values
     */
    public record Side(
            RawPath path,
            int mode,
            int uid,
            int gid,
            long mtimeNanos,
            long size,
            Optional<Digest> content,
            RawPath target,
            RawPath link,
            int rdevMajor,
            int rdevMinor,
            SortedMap<String, String> xattrs) {
        public int type() {
            return mode & Stat.TYPE_MASK;
        }

        /** How another entry differs from this one, paths and links aside. */
        public Set<Aspect> differences(Side other) {
            Set<Aspect> found = EnumSet.noneOf(Aspect.class);
            note(found, Aspect.TYPE, type() != other.type());
            note(found, Aspect.CONTENT, size != other.size || !content.equals(other.content));
            note(found, Aspect.MODE, (mode & ~Stat.TYPE_MASK) != (other.mode & ~Stat.TYPE_MASK));
            note(found, Aspect.OWNER, uid != other.uid || gid != other.gid);
            boolean files = type() == Stat.REGULAR && other.type() == Stat.REGULAR;
            note(found, Aspect.TIME, files && mtimeNanos != other.mtimeNanos);
            note(found, Aspect.TARGET, !target.equals(other.target));
            note(found, Aspect.DEVICE, rdevMajor != other.rdevMajor || rdevMinor != other.rdevMinor);
            note(found, Aspect.XATTRS, !xattrs.equals(other.xattrs));
            return found;
        }

        private static void note(Set<Aspect> found, Aspect aspect, boolean differs) {
            if (differs) {
                found.add(aspect);
            }
        }
    }

    /**
     * One difference.
     *
     * @param before empty if it was added
     * @param after empty if it was deleted
     */
    public record Difference(Kind kind, Optional<Side> before, Optional<Side> after) {
        /** The path now, or before if it is gone. */
        public RawPath path() {
            return after.or(() -> before).orElseThrow().path();
        }

        /** What differs, where there is something on both sides. */
        public Set<Aspect> aspects() {
            return before.isPresent() && after.isPresent()
                    ? before.get().differences(after.get())
                    : EnumSet.noneOf(Aspect.class);
        }
    }
}
