package io.contree.store.oci;

import io.contree.store.ImageCatalog;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.IoFailure;
import io.contree.store.Layers;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The {@link Importer} for every kind of reference. */
public final class OciImporter implements Importer {
    private final Layers layers;
    private final ImageCatalog catalog;
    private final boolean allowPrivateRegistries;
    private final ImportLimits limits;
    private final RetryPolicy retries;
    private final Platform machine = Platform.ofThisMachine();
    private final ChainLocks locks = new ChainLocks();

    /** @param allowPrivateRegistries whether a registry may be on a private or link-local address */
    public OciImporter(Layers layers, ImageCatalog catalog, boolean allowPrivateRegistries) {
        this(layers, catalog, allowPrivateRegistries, ImportLimits.DEFAULT, RetryPolicy.DEFAULT);
    }

    OciImporter(
            Layers layers,
            ImageCatalog catalog,
            boolean allowPrivateRegistries,
            ImportLimits limits,
            RetryPolicy retries) {
        this.layers = layers;
        this.catalog = catalog;
        this.allowPrivateRegistries = allowPrivateRegistries;
        this.limits = limits;
        this.retries = retries;
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
        return switch (reference) {
            case Reference.RootFileSystem root -> new RootImport(layers, control, limits).run(root.path());
            case Reference.OciLayout layout -> {
                try (ImageOrigin origin = OciLayoutOrigin.open(layout, machine, limits)) {
                    yield layered(origin, control);
                }
            }
            case Reference.DockerArchive archive -> archive(archive, control);
            case Reference.Remote remote -> remote(remote, source, control);
        };
    }

    private Imported layered(ImageOrigin origin, ImportControl control) throws IOException, InterruptedException {
        return new LayeredImport(layers, catalog, locks, origin, control, limits).run();
    }

    private Imported remote(Reference.Remote image, ImportSource source, ImportControl control)
            throws IOException, InterruptedException {
        // Some clients send two empty strings for "none".
        Optional<ImportSource.Credentials> credentials = source.credentials()
                .filter(login ->
                        !(login.username().isEmpty() && login.password().isEmpty()));
        try (Scratch scratch = new Scratch(layers.temporaryDirectory());
                Registry registry =
                        new HttpRegistry(image, credentials, allowPrivateRegistries, limits, retries, control);
                ImageOrigin origin = RegistryOrigin.open(registry, image, scratch.directory(), machine, limits)) {
            return layered(origin, control);
        }
    }

    private Imported archive(Reference.DockerArchive archive, ImportControl control)
            throws IOException, InterruptedException {
        try (Scratch scratch = new Scratch(layers.temporaryDirectory());
                FileChannel file = Sources.file(archive.file());
                FileChannel plain = plain(file, scratch.directory(), control);
                ImageOrigin origin = DockerArchiveOrigin.open(plain, archive, limits)) {
            return layered(origin, control);
        } catch (MalformedArchiveException e) {
            throw new StoreException(Kind.INVALID, archive + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** The archive's tar, which must be read out of order: the file itself unless it is packed. */
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
                                        ? "the disk of the data directory is full: "
                                        : "a file could not be read or written: ")
                                + io.getMessage(),
                        io);
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException("the import of " + reference + " failed", cause);
        };
    }
}
