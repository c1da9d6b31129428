package io.contree.store.oci;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An image in an OCI image layout (specification 1.1, "Image Layout"). Symbolic links in a layout are refused. */
final class OciLayoutOrigin implements ImageOrigin {
    private final Fd directory;
    private final Reference.OciLayout reference;
    private final ImportLimits limits;
    private final ImageManifest manifest;
    private final ImageConfig config;

    private OciLayoutOrigin(Fd directory, Reference.OciLayout reference, Platform machine, ImportLimits limits)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.reference = reference;
        this.limits = limits;
        String what = "index.json of " + reference;
        byte[] index = read("index.json", limits.documentBytes(), what);
        ImageIndex tagged = tagged(ImageIndex.of(Json.object(index, what), what, limits));
        ManifestResolver resolver = new ManifestResolver(this::document, machine, limits);
        manifest = resolver.resolve(document(tagged.select(machine, reference.toString())));
        byte[] document = verified(manifest.config(), "The config of " + reference);
        config = ImageConfig.parse(document, manifest.layers().size(), "The config of " + reference);
    }

    static OciLayoutOrigin open(Reference.OciLayout reference, Platform machine, ImportLimits limits)
            throws IOException, InterruptedException {
        String path = RawPath.fromText(Sources.directory(reference.directory()).toString());
        Fd directory = FileCalls.open(Fd.CWD, path, FileCalls.PATH_ONLY | FileCalls.DIRECTORY, 0, 0);
        boolean opened = false;
        try {
            OciLayoutOrigin origin = new OciLayoutOrigin(directory, reference, machine, limits);
            opened = true;
            return origin;
        } finally {
            if (!opened) {
                directory.close();
            }
        }
    }

    private ImageIndex tagged(ImageIndex index) {
        List<String> names = index.entries().stream()
                .flatMap(entry -> entry.refName().stream())
                .distinct()
                .toList();
        Optional<String> wanted = reference.tag();
        if (wanted.isEmpty() && names.size() <= 1) {
            return index;
        }
        List<ImageIndex.Entry> entries = index.entries().stream()
                .filter(entry -> wanted.isPresent() && entry.refName().equals(wanted))
                .toList();
        if (entries.isEmpty()) {
            String tags = names.isEmpty()
                    ? "none"
                    : Json.shortened(names.stream().sorted().collect(Collectors.joining(", ")));
            throw new StoreException(
                    Kind.INVALID,
                    wanted.map(tag -> "There is no image tagged \"" + tag + "\" in " + reference.directory())
                                    .orElse("There are several images in " + reference.directory()
                                            + ": add a colon and one of its tags")
                            + "; its tags are: " + tags + ".");
        }
        return new ImageIndex(entries);
    }

    private ManifestResolver.Document document(Descriptor descriptor) throws IOException {
        String what = "The manifest " + descriptor.digest() + " of " + reference;
        return new ManifestResolver.Document(
                descriptor.mediaType(), Json.object(verified(descriptor, what), what), what);
    }

    private byte[] verified(Descriptor descriptor, String what) throws IOException {
        byte[] bytes = read(blob(descriptor), limits.documentBytes(), what);
        if (bytes.length != descriptor.size() || !Sha256.of(bytes).equals(descriptor.digest())) {
            throw new StoreException(Kind.INVALID, what + " has other bytes than its digest and size promise.");
        }
        return bytes;
    }

    private static String blob(Descriptor descriptor) {
        return "blobs/sha256/" + descriptor.digest().hex();
    }

    private byte[] read(String path, int most, String what) throws IOException {
        try (InputStream in = open(path)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new StoreException(Kind.INVALID, what + " has more than " + most + " bytes.");
            }
            return bytes;
        }
    }

    private FdInputStream open(String path) throws IOException {
        long within = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;
        try {
            // A FIFO would block its opener, so look before; the second look is at what was opened.
            try (Fd seen = FileCalls.open(directory, path, FileCalls.PATH_ONLY, 0, within)) {
                checkRegular(path, FileCalls.stat(seen, ""));
            }
            Fd fd = FileCalls.open(directory, path, FileCalls.READ, 0, within);
            boolean opened = false;
            try {
                Stat stat = FileCalls.stat(fd, "");
                checkRegular(path, stat);
                opened = true;
                return new FdInputStream(fd, stat.size());
            } finally {
                if (!opened) {
                    fd.close();
                }
            }
        } catch (LinuxException e) {
            String why = e.errno() == Errno.ENOENT
                    ? " does not exist"
                    : e.errno() == Errno.ELOOP ? " is or lies behind a symbolic link" : ": " + e.getMessage();
            throw new StoreException(Kind.INVALID, path + " of " + reference + why + ".", e);
        }
    }

    private void checkRegular(String path, Stat stat) {
        if (!stat.isRegular()) {
            throw new StoreException(Kind.INVALID, path + " of " + reference + " is no regular file.");
        }
    }

    @Override
    public ImageConfig config() {
        return config;
    }

    @Override
    public String layerName(int layer) {
        return manifest.layers().get(layer).digest().toString();
    }

    @Override
    public FetchedLayer fetch(int layer) {
        Descriptor descriptor = manifest.layers().get(layer);
        return new FetchedLayer() {
            @Override
            public InputStream open() throws IOException {
                return new VerifyingStream(OciLayoutOrigin.this.open(blob(descriptor)), descriptor);
            }

            @Override
            public long size() {
                return descriptor.size();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {
        directory.close();
    }
}
