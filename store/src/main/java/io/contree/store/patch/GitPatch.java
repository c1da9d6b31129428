package io.contree.store.patch;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageDiff.Aspect;
import io.contree.store.ImageDiff.Difference;
import io.contree.store.ImageDiff.Side;
import io.contree.store.ImageView;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.util.io.BinaryHunkOutputStream;

/**
 * Writes differences as a git patch, one after the other, so that its size is bounded by nothing. Files that are text and not large are
 * written as hunks, others whole, in both directions. What git has no words for (owners, directories, devices, most bits of a mode)
 * is left to whoever asks {@link #isWholeIn}.
 */
public final class GitPatch {
    /** The better of the two algorithms may take a time that grows with the square of the lines. */
    private static final long MOST_FOR_MYERS = 256 << 10;

    private final ImageView from;
    private final ImageView to;
    private final PatchPath paths;
    private final OutputStream out;

    /**
     * Begins a patch.
     *
     * @param root the directory that its paths are relative to; empty for that of the images. Nothing above it may be written
     * @param out is not closed
     */
    public GitPatch(ImageView from, ImageView to, RawPath root, OutputStream out) {
        this.from = from;
        this.to = to;
        this.paths = new PatchPath(root);
        this.out = out;
    }

    /** Whether a patch has all of a difference but times: an entry of a kind that git knows, and nothing else about it that changed. */
    public static boolean isWholeIn(Difference difference) {
        if (difference.before().filter(side -> !isKnown(side)).isPresent()
                || difference.after().filter(side -> !isKnown(side)).isPresent()) {
            return false;
        }
        if (difference.after().isEmpty()) {
            return true;
        }
        Side now = difference.after().get();
        Optional<Side> old = difference.before().filter(side -> side.type() == now.type());
        Set<Aspect> aspects = old.map(now::differences).orElse(Set.of());
        boolean plain = (now.mode() & 07777) == ((now.mode() & 0100) != 0 ? 0755 : 0644) || now.type() == Stat.SYMLINK;
        boolean same = old.isPresent() && !aspects.contains(Aspect.MODE);
        boolean owner = old.isPresent() ? !aspects.contains(Aspect.OWNER) : now.uid() == 0 && now.gid() == 0;
        boolean xattrs = old.isPresent()
                ? !aspects.contains(Aspect.XATTRS)
                : now.xattrs().isEmpty();
        return (plain || same)
                && owner
                && xattrs
                && now.link().isEmpty()
                && old.filter(side -> !side.link().isEmpty()).isEmpty();
    }

    private static boolean isKnown(Side side) {
        return side.type() == Stat.REGULAR || side.type() == Stat.SYMLINK;
    }

    /** Writes what git can say of a difference, which may be nothing. */
    public void write(Difference difference) throws IOException {
        Optional<Side> before = difference.before().filter(GitPatch::isKnown);
        Optional<Side> after = difference.after().filter(GitPatch::isKnown);
        if (before.isPresent()
                && after.isPresent()
                && before.get().type() != after.get().type()) {
            section(before, Optional.empty());
            section(Optional.empty(), after);
        } else if (before.isPresent() || after.isPresent()) {
            section(before, after);
        }
    }

    private void section(Optional<Side> before, Optional<Side> after) throws IOException {
        PatchContent old = new PatchContent(before, from);
        PatchContent now = new PatchContent(after, to);
        boolean sameContent = before.isPresent()
                && after.isPresent()
                && before.get().content().equals(after.get().content())
                && before.get().target().equals(after.get().target());
        boolean sameMode = old.exists() && now.exists() && old.mode().equals(now.mode());
        RawPath oldPath = before.or(() -> after).orElseThrow().path();
        RawPath newPath = after.or(() -> before).orElseThrow().path();
        boolean renamed = !oldPath.equals(newPath);
        if (sameContent && sameMode && !renamed) {
            return;
        }
        line("diff --git " + paths.of("a/", oldPath) + " " + paths.of("b/", newPath));
        if (!old.exists()) {
            line("new file mode " + now.mode());
        } else if (!now.exists()) {
            line("deleted file mode " + old.mode());
        } else if (!sameMode) {
            line("old mode " + old.mode());
            line("new mode " + now.mode());
        }
        if (renamed) {
            line("similarity index 100%");
            line("rename from " + paths.of("", oldPath));
            line("rename to " + paths.of("", newPath));
        }
        if (!sameContent) {
            line("index " + old.blob() + ".." + now.blob() + (sameMode ? " " + now.mode() : ""));
            content(old, now, oldPath, newPath);
        }
    }

    private void content(PatchContent old, PatchContent now, RawPath oldPath, RawPath newPath) throws IOException {
        if (old.isEmpty() && now.isEmpty()) {
            return;
        }
        Optional<RawText> oldText = old.text();
        Optional<RawText> newText = oldText.isEmpty() ? Optional.empty() : now.text();
        if (newText.isPresent()) {
            line("--- " + (old.exists() ? named("a/", oldPath) : "/dev/null"));
            line("+++ " + (now.exists() ? named("b/", newPath) : "/dev/null"));
            hunks(oldText.get(), newText.get());
        } else {
            line("GIT binary patch");
            whole(now);
            whole(old);
        }
    }

    /** A tab ends a name with spaces, for programs that look for a time behind it. */
    private String named(String prefix, RawPath path) {
        String name = paths.of(prefix, path);
        return name.contains(" ") ? name + "\t" : name;
    }

    private void hunks(RawText old, RawText now) throws IOException {
        HistogramDiff algorithm = new HistogramDiff();
        if (old.getRawContent().length + (long) now.getRawContent().length > MOST_FOR_MYERS) {
            algorithm.setFallbackAlgorithm(null);
        } else {
            algorithm.setFallbackAlgorithm(DiffAlgorithm.getAlgorithm(DiffAlgorithm.SupportedAlgorithm.MYERS));
        }
        EditList edits = algorithm.diff(RawTextComparator.DEFAULT, old, now);
        try (DiffFormatter formatter = new DiffFormatter(new Uncloseable(out))) {
            formatter.format(edits, old, now);
            formatter.flush();
        }
    }

    private void whole(PatchContent content) throws IOException {
        line("literal " + content.size());
        BinaryHunkOutputStream lines = new BinaryHunkOutputStream(new Uncloseable(out));
        Deflater deflater = new Deflater();
        try {
            DeflaterOutputStream compressed = new DeflaterOutputStream(lines, deflater, 64 << 10);
            content.copyTo(compressed);
            compressed.finish();
            lines.flush();
        } finally {
            deflater.end();
        }
        line("");
    }

    private void line(String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Lets what writes a part be closed. */
    private static final class Uncloseable extends FilterOutputStream {
        Uncloseable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
