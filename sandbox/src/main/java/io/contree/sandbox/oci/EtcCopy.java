package io.contree.sandbox.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.linux.UserNamespace;
import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sandbox's own copy of a file in {@code /etc}: it begins with what the image keeps of the file, and what a run makes of it is
 * kept in the image again. One that a run leaves as it was leaves the image as it was.
 */
final class EtcCopy {
    /** No image keeps a larger file: each run would hold it in memory. */
    private static final long MOST = 4 << 20;

    private static final int MODE = 0644;
    private static final long PLAIN = FileCalls.RESOLVE_NO_SYMLINKS | FileCalls.RESOLVE_BENEATH;

    private final EtcFile file;
    private final SandboxSpec spec;
    private final Optional<Kept> kept;

    /** What an image keeps, and whose it is. */
    private record Kept(String text, Stat stat) {}

    private EtcCopy(EtcFile file, SandboxSpec spec, Optional<Kept> kept) {
        this.file = file;
        this.spec = spec;
        this.kept = kept;
    }

    /** Looks at what the image keeps. */
    static EtcCopy of(EtcFile file, SandboxSpec spec) throws IOException {
        return new EtcCopy(file, spec, kept(file, spec.root()));
    }

    private static Optional<Kept> kept(EtcFile file, Path root) throws IOException {
        try (Fd etc = PlainPath.directoryInside(root, "etc")) {
            Optional<Stat> found = FileCalls.statIfPresent(etc, file.fileName());
            return found.filter(stat -> stat.isRegular() && stat.size() > 0 && stat.size() <= MOST)
                            .isPresent()
                    ? kept(etc, file, found.get())
                    : Optional.empty();
        } catch (LinuxException e) {
            if (PlainPath.isAbsence(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<Kept> kept(Fd etc, EtcFile file, Stat stat) throws IOException {
        try (Fd opened = FileCalls.open(etc, file.fileName(), FileCalls.READ, 0, PLAIN)) {
            String text = read(Path.of(opened.procPath()));
            return EtcText.isKept(text) ? Optional.of(new Kept(text, stat)) : Optional.empty();
        }
    }

    EtcFile file() {
        return file;
    }

    /** How much room it takes. */
    long bytes() {
        return kept.map(known -> known.stat().size()).orElse(0L);
    }

    /** Writes it; it belongs to root of the sandbox, or to whom the image's does. */
    void write(Path path) throws IOException {
        Files.writeString(path, before(), StandardCharsets.ISO_8859_1);
        String raw = RawPath.of(path).raw();
        if (kept.isPresent()) {
            Stat stat = kept.get().stat();
            FileCalls.chown(Fd.CWD, raw, stat.uid(), stat.gid());
            FileCalls.chmod(Fd.CWD, raw, stat.mode() & 07777);
            FileCalls.setTimes(Fd.CWD, raw, stat.mtimeNanos());
        } else {
            FileCalls.chown(Fd.CWD, raw, root(), root());
            FileCalls.chmod(Fd.CWD, raw, MODE);
        }
    }

    private String before() {
        return kept.map(known -> EtcText.shown(known.text(), ownLines())).orElse(fresh());
    }

    private String fresh() {
        return file.content(spec.hostname(), spec.reservation().resolvConf());
    }

    private String ownLines() {
        return file.ownLines(spec.hostname(), spec.reservation().resolvConf());
    }

    private int root() {
        return spec.reservation()
                .users()
                .map(users -> users.mapping().toHost(0))
                .orElse(0);
    }

    /** Keeps in the image what has become of the copy; nothing runs on it any more. */
    void keep(Path path) throws IOException {
        Stat now = FileCalls.stat(Fd.CWD, RawPath.of(path).raw());
        if (now.size() > MOST) {
            throw new IOException("/etc/" + file.fileName() + " has grown to " + now.size()
                    + " bytes, and no image keeps more than " + MOST + " of it");
        }
        String text = read(path);
        if (text.equals(before()) && isAsBefore(now)) {
            return;
        }
        boolean undone =
                text.equals(fresh()) && (now.mode() & 07777) == MODE && now.uid() == root() && now.gid() == root();
        byte[] content = (undone ? "" : EtcText.kept(text, ownLines())).getBytes(StandardCharsets.ISO_8859_1);
        asRoot(spec, () -> put(content, now, undone ? 0 : now.mtimeNanos()));
    }

    private boolean isAsBefore(Stat now) {
        int mode = kept.map(known -> known.stat().mode() & 07777).orElse(MODE);
        int uid = kept.map(known -> known.stat().uid()).orElse(root());
        int gid = kept.map(known -> known.stat().gid()).orElse(root());
        return (now.mode() & 07777) == mode && now.uid() == uid && now.gid() == gid;
    }

    /** Works in the root of a sandbox as its root user. */
    static void asRoot(SandboxSpec spec, UserNamespace.FileWork work) throws LinuxException {
        Optional<UserNamespace> users = spec.reservation().users();
        if (users.isPresent()) {
            users.get().asRoot(work);
        } else {
            work.run();
        }
    }

    /** Into a file, or in place of a link: many an image has one to where a resolver would write. */
    private void put(byte[] content, Stat attributes, long mtimeNanos) throws LinuxException {
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.TRUNCATE | FileCalls.NO_FOLLOW;
        try (Fd etc = PlainPath.directoryInside(spec.root(), "etc")) {
            Optional<Stat> there = FileCalls.statIfPresent(etc, file.fileName());
            if (there.filter(stat -> stat.isRegular() || stat.isSymlink()).isEmpty()) {
                return; // what else it covered stays, and what the run moved away with its directory is gone
            }
            if (there.get().isSymlink()) {
                FileCalls.unlink(etc, file.fileName(), false);
            }
            try (Fd target = FileCalls.open(etc, file.fileName(), flags, MODE, PLAIN)) {
                FileCalls.write(target, content, 0, content.length, 0);
                FileCalls.chown(target, "", attributes.uid(), attributes.gid());
                FileCalls.chmod(target, "", attributes.mode() & 07777);
                FileCalls.setTimes(target, "", mtimeNanos);
            }
        } catch (LinuxException e) {
            if (!PlainPath.isAbsence(e)) {
                throw e;
            }
        }
    }

    private static String read(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    }
}
