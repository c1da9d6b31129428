package io.contree.store.oci;

import io.contree.store.FileStore;
import io.contree.store.ImageCatalog;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.IoFailure;
import io.contree.store.Layers;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.Platform;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.limit.Supervision;
import io.contree.store.oci.local.ImportFiles;
import io.contree.store.oci.local.LocalSources;
import io.contree.store.oci.local.OwnData;
import io.contree.store.oci.origin.ArchiveMembers;
import io.contree.store.oci.origin.DockerArchiveOrigin;
import io.contree.store.oci.origin.ImageOrigin;
import io.contree.store.oci.origin.LayoutDirectory;
import io.contree.store.oci.origin.LayoutFiles;
import io.contree.store.oci.origin.OciLayoutOrigin;
import io.contree.store.oci.origin.RegistryOrigin;
import io.contree.store.oci.reference.Reference;
import io.contree.store.oci.reference.ReferenceParser;
import io.contree.store.oci.registry.HttpRegistry;
import io.contree.store.oci.registry.Registry;
import io.contree.store.oci.registry.RegistryEnvironment;
import io.contree.store.oci.registry.RetryPolicy;
import io.contree.store.oci.tar.Decompression;
import io.contree.store.oci.tar.MalformedArchiveException;
import io.contree.store.stream.CountingStream;
import io.contree.store.stream.FileSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The {@link Importer} for every kind of reference. */
public final class OciImporter implements Importer {
    private final Layers layers;
    private final ImageCatalog catalog;
    private final FileStore uploads;
    private final LocalSources local;
    private final boolean allowPrivateRegistries;
    private final ImportLimits limits = ImportLimits.DEFAULT;
    private final RetryPolicy retries = RetryPolicy.DEFAULT;
    private final RegistryEnvironment environment = new RegistryEnvironment(System.getenv());
    private final Platform machine = Platform.ofThisMachine();
    private final ChainLocks locks = new ChainLocks();

    public OciImporter(Layers layers, ImageCatalog catalog, FileStore uploads, StoreConfig config) {
        this.layers = layers;
        this.catalog = catalog;
        this.uploads = uploads;
        this.local = new LocalSources(config.localImportRoots(), config.data());
        this.allowPrivateRegistries = config.allowPrivateRegistries();
    }

    @Override
    public Imported importImage(ImportSource source, Progress progress) {
        Reference reference = ReferenceParser.parse(source.reference());
        ImportControl control = new ImportControl(progress, source.timeout(), reference instanceof Reference.Remote);
        control.check();
        try {
            return Supervision.run(control, () -> run(reference, source, control));
        } catch (ExecutionException e) {
            throw inWords(reference, e.getCause());
        }
    }

    private Imported run(Reference reference, ImportSource source, ImportControl control)
            throws IOException, InterruptedException {
        ImportFiles files = new ImportFiles(local, uploads, source.upload());
        return switch (reference) {
            case Reference.RootFileSystem root -> new RootImport(layers, files, control, limits).run(root);
            case Reference.OciLayout layout -> {
                OwnData own = local.own();
                LayoutFiles directory =
                        new LayoutDirectory(local.directory(layout.directory()), own, layout.toString());
                try (ImageOrigin origin = OciLayoutOrigin.open(directory, layout, layout.tag(), machine, limits)) {
                    yield layered(origin, source.owner(), control);
                }
            }
            case Reference.OciArchive archive ->
                archive(
                        archive,
                        files.file(archive.place()),
                        tar -> OciLayoutOrigin.open(ArchiveMembers.index(tar), archive, archive.tag(), machine, limits),
                        source,
                        control);
            case Reference.DockerArchive archive ->
                archive(
                        archive,
                        files.file(archive.place()),
                        tar -> DockerArchiveOrigin.open(tar, archive, limits),
                        source,
                        control);
            case Reference.Remote remote -> remote(remote, source, control);
        };
    }

    private Imported layered(ImageOrigin origin, UUID owner, ImportControl control)
            throws IOException, InterruptedException {
        return new LayeredImport(layers, catalog, locks, owner, origin, control, limits).run();
    }

    private Imported remote(Reference.Remote image, ImportSource source, ImportControl control)
            throws IOException, InterruptedException {
        // Some clients send two empty strings for "none".
        Optional<ImportSource.Credentials> credentials = source.credentials()
                .filter(login ->
                        !(login.username().isEmpty() && login.password().isEmpty()));
        try (Layers.Scratch scratch = layers.scratch();
                Registry registry = new HttpRegistry(
                        image, credentials, allowPrivateRegistries, limits, retries, control, environment);
                ImageOrigin origin = RegistryOrigin.open(registry, image, scratch.directory(), machine, limits)) {
            return layered(origin, source.owner(), control);
        }
    }

    private interface Opening {
        ImageOrigin open(FileChannel tar) throws IOException, InterruptedException;
    }

    private Imported archive(
            Reference archive, FileChannel opened, Opening opening, ImportSource source, ImportControl control)
            throws IOException, InterruptedException {
        try (FileChannel file = opened;
                Layers.Scratch scratch = layers.scratch();
                FileChannel plain = plain(file, scratch.directory(), control);
                ImageOrigin origin = opening.open(plain)) {
            return layered(origin, source.owner(), control);
        } catch (MalformedArchiveException e) {
            throw new StoreException(Kind.INVALID, archive + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** The archive as a plain tar, which can be read in any order: the file itself unless it is packed. */
    private FileChannel plain(FileChannel file, Path scratch, ImportControl control) throws IOException {
        ByteBudget budget = new ByteBudget(limits);
        CountingStream packed = new CountingStream(new FileSlice(file, 0, file.size()), read -> control.check());
        try (InputStream in = Decompression.open(packed, limits)) {
            if (in instanceof java.io.BufferedInputStream) {
                return file;
            }
            Path unpacked = scratch.resolve("archive.tar");
            InputStream counted = new CountingStream(in, read -> {
                budget.bytes(read);
                limits.checkRatio("The archive", budget.used(), packed.count());
            });
            Files.copy(counted, unpacked);
            return FileChannel.open(unpacked, StandardOpenOption.READ);
        }
    }

    private static StoreException inWords(Reference reference, @Nullable Throwable cause) {
        return switch (cause) {
            case StoreException known -> known;
            case InterruptedException interrupted ->
                new StoreException(Kind.CANCELLED, "The import was cancelled.", interrupted);
            case UncheckedIOException io -> inWords(reference, io.getCause());
            case IOException io ->
                new StoreException(
                        IoFailure.isFull(io) ? Kind.DISK_FULL : Kind.IO,
                        "Tried to import " + reference + " but "
                                + (IoFailure.isFull(io)
                                        ? "the disk of the data directory is full (no room, inodes or quota left): "
                                        : "a file could not be read or written: ")
                                + io.getMessage(),
                        io);
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException("the import of " + reference + " failed", cause);
        };
    }
}
