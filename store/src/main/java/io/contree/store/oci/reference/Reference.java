package io.contree.store.oci.reference;

import io.contree.store.Digest;
import java.nio.file.Path;
import java.util.Optional;

/** A parsed import reference: which kind of source, and where it is. */
public sealed interface Reference {
    /**
     * An image in a registry.
     *
     * @param registry where it is
     * @param repository the name within the registry, {@code library/} included for Docker's official images
     * @param tag {@code latest} where the reference has neither tag nor digest
     * @param digest wins over the tag
     */
    record Remote(RegistryHost registry, String repository, String tag, Optional<Digest> digest) implements Reference {
        /** What to ask the registry for: the digest, or else the tag. */
        public String selector() {
            return digest.map(Digest::toString).orElse(tag);
        }

        @Override
        public String toString() {
            return registry.name() + "/" + repository + digest.map(d -> "@" + d).orElse(":" + tag);
        }
    }

    /** A root file system: a directory, or a tar (plain or packed), whichever the place turns out to be. */
    record RootFileSystem(Place place) implements Reference {
        @Override
        public String toString() {
            return place.in("rootfs");
        }
    }

    /** An OCI image layout directory; without a tag it must hold one image only. */
    record OciLayout(Path directory, Optional<String> tag) implements Reference {
        @Override
        public String toString() {
            return "oci:" + directory + tag.map(t -> ":" + t).orElse("");
        }
    }

    /** An OCI image layout in a tar. */
    record OciArchive(Place place, Optional<String> tag) implements Reference {
        @Override
        public String toString() {
            return place.in("oci-archive") + tag.map(t -> ":" + t).orElse("");
        }
    }

    /** A tar made by {@code docker save}; without a name or tag it must hold one image only. */
    record DockerArchive(Place place, Optional<String> name) implements Reference {
        @Override
        public String toString() {
            return place.in("docker-archive") + name.map(n -> ":" + n).orElse("");
        }
    }
}
