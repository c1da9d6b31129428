package io.contree.sdk.nio;

import io.contree.sdk.internal.nio.RawNames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A path of an image, in the syntax of Linux. Paths of two file systems of the same image are the same path. */
final class ImagePath implements Path {
    private final ImageFileSystem fileSystem;
    private final boolean absolute;
    /** None for the root; the empty path has one empty name. */
    private final List<String> names;
    /** What was found at the path, its last link not followed: images never change. */
    private final @Nullable Entry found;

    private ImagePath(ImageFileSystem fileSystem, boolean absolute, List<String> names, @Nullable Entry found) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = names.isEmpty() && !absolute ? List.of("") : List.copyOf(names);
        this.found = found;
    }

    /** @throws InvalidPathException for what cannot be a path */
    static ImagePath parse(ImageFileSystem fileSystem, String text) {
        List<String> names = Arrays.stream(RawNames.checked(text).split("/"))
                .filter(name -> !name.isEmpty())
                .toList();
        return new ImagePath(fileSystem, text.startsWith("/"), names, null);
    }

    /** @throws ProviderMismatchException if the path is not one of an image */
    static ImagePath of(Path path) {
        if (path instanceof ImagePath image) {
            return image;
        }
        Objects.requireNonNull(path);
        throw new ProviderMismatchException(path + " is not a path of an image");
    }

    /** A child that a listing of this directory had. */
    ImagePath child(Entry entry) {
        List<String> longer = isEmpty() ? new ArrayList<>() : new ArrayList<>(names);
        longer.add(entry.listed().name());
        return new ImagePath(fileSystem, absolute, longer, entry);
    }

    /** The real path of an entry. */
    static ImagePath real(ImageFileSystem fileSystem, Entry entry) {
        return new ImagePath(fileSystem, true, parse(fileSystem, entry.path()).names, entry);
    }

    Optional<Entry> found() {
        return Optional.ofNullable(found);
    }

    /** Its names, none of them empty. */
    List<String> names() {
        return isEmpty() ? List.of() : names;
    }

    /** The path as it goes into a request. */
    String requestForm() {
        return RawNames.percent(toAbsolutePath().toString());
    }

    private boolean isEmpty() {
        return !absolute && names.get(0).isEmpty();
    }

    private ImagePath with(boolean isAbsolute, List<String> others) {
        return new ImagePath(fileSystem, isAbsolute, others, null);
    }

    @Override
    public ImageFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        if (names.isEmpty()) {
            return null;
        }
        return names.size() == 1 && !absolute ? this : with(false, names.subList(names.size() - 1, names.size()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin < 0 || end > names.size() || begin >= end) {
            throw new IllegalArgumentException(
                    "no names from " + begin + " to " + end + " in " + this + ", which has " + names.size());
        }
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof ImagePath path
                && path.fileSystem.equals(fileSystem)
                && path.absolute == absolute
                && (path.isEmpty() ? isEmpty() : Collections.indexOfSubList(prefix(path), path.names) == 0);
    }

    private List<String> prefix(ImagePath other) {
        return names.subList(0, Math.min(names.size(), other.names.size()));
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof ImagePath path) || !path.fileSystem.equals(fileSystem)) {
            return false;
        }
        if (path.absolute) {
            return absolute && path.names.equals(names);
        }
        if (path.isEmpty()) {
            return isEmpty();
        }
        int start = names.size() - path.names.size();
        return start >= 0 && names.subList(start, names.size()).equals(path.names);
    }

    @Override
    public Path normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names()) {
            boolean canGoUp = !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..");
            if (name.equals("..") && (canGoUp || absolute)) {
                if (canGoUp) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return with(absolute, kept);
    }

    @Override
    public Path resolve(Path other) {
        ImagePath path = of(other);
        if (path.absolute) {
            return path;
        }
        if (path.isEmpty()) {
            return this;
        }
        List<String> joined = new ArrayList<>(names());
        joined.addAll(path.names);
        return with(absolute, joined);
    }

    @Override
    public Path relativize(Path other) {
        ImagePath to = of(other);
        if (to.absolute != absolute) {
            throw new IllegalArgumentException(
                    "one of " + this + " and " + to + " is absolute and the other is not, so no path leads there");
        }
        if (to.equals(this)) {
            return with(false, List.of());
        }
        if (isEmpty()) {
            return to;
        }
        List<String> from = ((ImagePath) normalize()).names();
        List<String> target = hasDots() || to.hasDots() ? ((ImagePath) to.normalize()).names() : to.names();
        int common = 0;
        while (common < Math.min(from.size(), target.size()) && from.get(common).equals(target.get(common))) {
            common++;
        }
        List<String> rest = from.subList(common, from.size());
        if (rest.contains("..")) {
            throw new IllegalArgumentException("what " + this + " goes up to is not known, so no path leads to " + to);
        }
        List<String> steps = new ArrayList<>(Collections.nCopies(rest.size(), ".."));
        steps.addAll(target.subList(common, target.size()));
        return with(false, steps);
    }

    private boolean hasDots() {
        return names.contains(".") || names.contains("..");
    }

    @Override
    public URI toUri() {
        return fileSystem.location().uriOf((ImagePath) toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : new ImagePath(fileSystem, true, names(), found);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return fileSystem.realPath(this, Links.followed(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("images never change, so there is nothing to watch");
    }

    @Override
    public int compareTo(Path other) {
        return Arrays.compareUnsigned(RawNames.encode(toString()), RawNames.encode(((ImagePath) other).toString()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImagePath path
                && path.absolute == absolute
                && path.names.equals(names)
                && path.fileSystem.equals(fileSystem);
    }

    @Override
    public int hashCode() {
        return Objects.hash(absolute, names);
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
