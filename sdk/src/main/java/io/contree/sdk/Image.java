package io.contree.sdk;

import io.contree.api.GrepResult;
import io.contree.api.ImageRecord;
import io.contree.api.LineageStep;
import io.contree.api.StepsBack;
import io.contree.api.Uuids;
import io.contree.sdk.internal.download.Downloads;
import io.contree.sdk.internal.download.TreeDownload;
import io.contree.sdk.internal.http.Completeness;
import io.contree.sdk.internal.http.CursorPages;
import io.contree.sdk.internal.http.Query;
import io.contree.sdk.nio.ImageFileSystemProvider;
import io.contree.sdk.process.GuestProcess;
import io.contree.sdk.process.GuestProcessBuilder;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable filesystem state, to run commands on and to look into. Looking starts no sandbox. An image that was taken
 * by tag is what the tag means when the server is first asked, and stays that. Two images are the same state if their {@link
 * #uuid()} is the same; {@code equals} asks no server and compares identities.
 */
public final class Image {
    private static final int LONGEST_READ = 256 << 20;

    /** Differences of an answer, the most that a server gives. */
    private static final int DIFF_PAGE = 10_000;

    private final Api api;
    private final String reference;
    private final @Nullable ImageRecord record;
    private volatile @Nullable UUID resolved;

    Image(Api api, String reference) {
        this.api = api;
        this.reference = Objects.requireNonNull(reference, "reference");
        this.record = null;
        this.resolved = Uuids.parse(reference).orElse(null);
    }

    Image(Api api, ImageRecord record) {
        this.api = api;
        this.reference = record.uuid().toString();
        this.record = record;
        this.resolved = record.uuid();
    }

    /** An image that is meant by one of its tags; the record may have come with another one. */
    static Image tagged(Api api, ImageRecord record, String tag) {
        return new Image(api, record.under(tag));
    }

    /**
     * The name of this state. Asks the server if only a tag is known.
     *
     * @throws NotFoundException if the tag names nothing
     */
    public UUID uuid() {
        UUID uuid = resolved;
        if (uuid == null) {
            uuid = Images.byTag(api, reference);
            resolved = uuid;
        }
        return uuid;
    }

    /** The tag that it was found or listed under. */
    public Optional<String> tag() {
        if (record != null) {
            return Optional.ofNullable(record.tag());
        }
        return isTag(reference) ? Optional.of(reference) : Optional.empty();
    }

    /** Whether it is neither a UUID nor the state so many steps before one, or before a tag. */
    static boolean isTag(String reference) {
        return Uuids.parse(reference).isEmpty() && !StepsBack.isIn(reference);
    }

    /** {@code sha256:…}, equal for states that differ in modification times only. Asks the server if need be. */
    public String contentDigest() {
        return known().contentDigest();
    }

    public Instant createdAt() {
        return known().createdAt();
    }

    /** What the project noted on this state, by name; asks the server if need be. */
    public Map<String, String> labels() {
        return known().labels();
    }

    /** What the project noted on this state in words; asks the server if need be. */
    public Optional<String> note() {
        return Optional.ofNullable(known().note());
    }

    /** A run of a program with arguments, to be set up and executed; PATH is searched for a bare name. */
    public Run command(String program, String... arguments) {
        return Run.command(api, this, program, List.of(arguments));
    }

    /** A run of a program with arguments. */
    public Run command(List<String> programAndArguments) {
        if (programAndArguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the program");
        }
        return Run.command(
                api, this, programAndArguments.get(0), programAndArguments.subList(1, programAndArguments.size()));
    }

    /** A run of a shell expression, with the image's environment. */
    public Run shell(String expression) {
        return Run.shell(api, this, expression);
    }

    /**
     * Starts a process on this image, to talk to while it runs.
     *
     * @throws IOException if it cannot be started, such as a program that is not there
     */
    public GuestProcess popen(String... command) throws IOException {
        return process(command).start();
    }

    /** A process to be set up and started, as with {@link ProcessBuilder}. */
    public GuestProcessBuilder process(String... command) {
        return new GuestProcessBuilder(this::command, command);
    }

    /** A session that begins here, kept in memory; see {@link Session}. */
    public Session session() {
        return session(SessionStore.memory());
    }

    /** The session that the store holds, or a new one that begins here if it holds none. */
    public Session session(SessionStore store) {
        return Session.open(new Images(api), new Operations(api), store, this);
    }

    /** The entries of a directory; a relative path is below the root, {@code ~} is {@code /root}. */
    public List<DirectoryEntry> ls(String path) {
        return api.get("list " + path + " of image " + reference, inspect("list", path), Listing.class)
                .files();
    }

    /**
     * The bytes of a file, all in memory.
     *
     * @throws IllegalStateException if it has more than 256 MiB: {@link #open} or {@link #download} it
     */
    public byte[] read(String path) {
        try (InputStream file = open(path)) {
            byte[] bytes = file.readNBytes(LONGEST_READ + 1);
            if (bytes.length > LONGEST_READ) {
                throw new IllegalStateException("could not read " + path + " of image " + reference
                        + ": it has more than " + LONGEST_READ + " bytes; open or download it");
            }
            return bytes;
        } catch (IOException e) {
            throw new TransportException(
                    "could not read " + path + " of image " + reference + ": " + e.getMessage(), e);
        }
    }

    /** The text of a file, as UTF-8. */
    public String readText(String path) {
        return new String(read(path), StandardCharsets.UTF_8);
    }

    /** A file as it comes, of any length. Close it; reading fails with an {@link java.io.IOException} if it breaks off. */
    public InputStream open(String path) {
        return api.stream("read " + path + " of image " + reference, inspect("download", path), Api.FILE)
                .body();
    }

    /** A directory or file as a POSIX PAX tar, as it comes: {@code /etc} gives {@code hosts}. Close it. */
    public InputStream archive(String path) {
        return api.stream("archive " + path + " of image " + reference, inspect("archive", path), Api.TAR)
                .body();
    }

    /** Whether there is anything at a path; what counts is where a link leads, not the link. */
    public boolean exists(String path) {
        try {
            return api.exists("look for " + path + " in image " + reference, inspect("archive", path));
        } catch (InvalidRequestException e) {
            return true; // neither a file nor a directory, but there
        }
    }

    /** Lines of files that match a regular expression, in the syntax of Rust's {@code regex} crate; up to 1,000. */
    public GrepResult grep(String pattern) {
        return grep(Grep.of(pattern));
    }

    /** Lines of files that match. */
    public GrepResult grep(Grep search) {
        String path = search.on("/inspect/" + uuid() + "/grep").toString();
        return api.get("search image " + reference, path, GrepResult.class);
    }

    /**
     * Copies a file to this machine: under its own name if the target is a directory, else as the target. The target is
     * whole or untouched.
     *
     * @return where it is now
     */
    public Path download(String path, Path target) {
        String action = "download " + path + " of image " + reference;
        return Failures.translating(() ->
                Downloads.save(action, () -> api.stream(action, inspect("download", path), Api.FILE), path, target));
    }

    /**
     * The image as a read-only file system, whose paths work wherever a {@link Path} works; close it. No sandbox is
     * started.
     *
     * @throws NotFoundException if it was taken by a tag that names nothing
     */
    public FileSystem fileSystem() {
        return ImageFileSystemProvider.open(new ServedTree(api, api.baseUrl(), uuid()));
    }

    /**
     * Copies a directory with everything below it to this machine. Links are copied as links; sockets, pipes and devices
     * are left out; owners are those of this process. Nothing is written outside of the target, whatever the server sends.
     *
     * @param target becomes the copy, whole or not at all; it must not exist, or be an empty directory
     * @return the target
     * @throws LocalFileException if the copy cannot be written
     */
    public Path downloadTree(String path, Path target) {
        InputStream archive = archive(path);
        return Failures.translating(
                () -> TreeDownload.save("download " + path + " of image " + reference, archive, target));
    }

    /** The state with these files in place, left by a run that does nothing else. A relative path is below the root. */
    public Image applyFiles(Map<String, FileContent> files) {
        return command("true").files(files).execute().image();
    }

    /** As {@link #diff(Image, DiffQuery)}, all of it. */
    public Diff diff(Image other) {
        return diff(other, DiffQuery.all());
    }

    /** What differs between this image and another: what one would have to do to this one to get the other. Nothing is started for it. */
    public Diff diff(Image other, DiffQuery query) {
        Diff.Page first = page(other, query, Optional.empty());
        List<Diff.Entry> differences = CursorPages.stream(cursor -> {
                    Diff.Page page = cursor.isEmpty() ? first : page(other, query, cursor);
                    return new CursorPages.Page<>(page.differences(), Optional.ofNullable(page.nextCursor()));
                })
                .toList();
        return new Diff(first.from(), first.to(), first.totals(), differences);
    }

    private Diff.Page page(Image other, DiffQuery query, Optional<String> cursor) {
        Query page = query.on("/images/" + uuid() + "/diff/" + other.uuid()).with("limit", DIFF_PAGE);
        cursor.ifPresent(text -> page.with("cursor", text));
        return api.get("compare image " + uuid() + " with " + other.uuid(), page.toString(), Diff.Page.class);
    }

    /** As {@link #patch(Image, String, DiffQuery)}, of everything, with names from the root. */
    public InputStream patch(Image other) {
        return patch(other, "/", DiffQuery.all());
    }

    /**
     * What differs between this image and another as a patch for {@code git apply}, binary files included, as it comes; close it. It has
     * files, symbolic links, and whether a file may be executed, and never owners or times.
     *
     * @param directory only what differs in it counts, and names are relative to it: {@code /} or the directory of a repository
     */
    public InputStream patch(Image other, String directory, DiffQuery query) {
        Query patch = query.on("/images/" + uuid() + "/diff/" + other.uuid())
                .with("format", "patch")
                .with("relative", directory);
        return api.stream("compare image " + uuid() + " with " + other.uuid(), patch.toString(), Api.PATCH)
                .body();
    }

    /** What differs from another image, up to this many entries. */
    public Changes changesSince(Image from, int limit) {
        String path = new Query("/inspect/" + uuid() + "/changes")
                .with("from", from.uuid())
                .with("limit", limit)
                .toString();
        return api.get("compare image " + uuid() + " with " + from.uuid(), path, Changes.class);
    }

    /**
     * How this state came about or what was made from it, as the project has recorded it; asked for page by page while the stream
     * is read.
     */
    public Stream<LineageStep> lineage(LineageQuery query) {
        return query.stream(api, uuid());
    }

    /** Gives this state a name; if another state has it, it moves here. */
    public Image tagAs(String tag) {
        return new Image(
                api,
                api.patch(
                        "tag image " + reference + " as " + tag,
                        "/images/" + uuid() + "/tag",
                        Map.of("tag", tag),
                        ImageRecord.class));
    }

    /**
     * Notes a value on this state, for the project alone; see {@link ImageQuery#greatestFirst}. Other labels stay.
     *
     * @throws InvalidRequestException for a name or value that is not allowed, or more than 64 labels
     */
    public Image label(String name, String value) {
        return label(Map.of(name, value));
    }

    /** As {@link #label(String, String)}, several at once: all or none. */
    public Image label(Map<String, String> labels) {
        return noted("label image " + reference, Map.of("labels", labels));
    }

    /** Takes a label away, if it is there. */
    public Image unlabel(String name) {
        return noted("unlabel image " + reference, Map.of("labels", Collections.singletonMap(name, null)));
    }

    /** Notes something in words, in place of what there was; an empty text takes it away. */
    public Image note(String text) {
        return noted("note something on image " + reference, Map.of("note", text));
    }

    private Image noted(String action, Map<String, ?> change) {
        return new Image(api, api.patch(action, "/images/" + uuid() + "/labels", change, ImageRecord.class));
    }

    /** Takes one name from this state. */
    public void untag(String tag) {
        api.delete(
                "remove the tag " + tag,
                new Query("/images/" + uuid() + "/tag").with("tag", tag).toString());
    }

    /** Takes every name from this state. */
    public void untag() {
        api.delete("remove the tags of image " + reference, "/images/" + uuid() + "/tag");
    }

    /**
     * Takes this state from the project; images that were made from it stay whole. What no project has any more goes from the
     * server's disk soon after.
     *
     * @throws ConflictException if it has a tag or a pin, or an operation works on it; see {@link #removeForced}
     * @throws NotFoundException if the project does not have it
     */
    public void remove() {
        api.delete("remove image " + reference, "/images/" + uuid());
    }

    /** As {@link #remove}, with its tags and pin; operations that work on it go on. */
    public void removeForced() {
        api.delete("remove image " + reference, "/images/" + uuid() + "?force=1");
    }

    /** What {@link #removeForced} would take away; nothing goes. */
    public RemovalPlan removal() {
        return api.delete(
                "find out what goes with image " + reference,
                "/images/" + uuid() + "?force=1&dry_run=1",
                RemovalPlan.class);
    }

    /** What this state takes up on the server's disk. */
    public ImageUsage usage() {
        return api.get("measure image " + reference, "/images/" + uuid() + "/usage", ImageUsage.class);
    }

    /** Keeps this state whatever the project's retention says, until it is unpinned or removed by force. */
    public void pin() {
        api.put("pin image " + reference, "/images/" + uuid() + "/pin");
    }

    /** Takes the pin back, if it has one. */
    public void unpin() {
        api.delete("unpin image " + reference, "/images/" + uuid() + "/pin");
    }

    /** How a request names this image. */
    String requestForm() {
        UUID uuid = resolved;
        return uuid != null ? uuid.toString() : "tag:" + reference;
    }

    private ImageRecord known() {
        return record != null
                ? record
                : api.get("look up image " + reference, "/inspect/" + uuid() + "/", ImageRecord.class);
    }

    private String inspect(String what, String path) {
        return new Query("/inspect/" + uuid() + "/" + what).with("path", path).toString();
    }

    private record Listing(List<DirectoryEntry> files) implements Completeness.Answered {
        @Override
        public Object essence() {
            return files;
        }
    }

    /** What it was taken by, such as its UUID or tag; asks nobody. */
    @Override
    public String toString() {
        return tag().orElse(reference);
    }
}
