package io.contree.store.oci.reference;

import java.nio.file.Path;
import java.util.UUID;

/** Where the bytes of an import that needs no registry are. */
public sealed interface Place {
    /** An absolute path on the server's machine. */
    record Local(Path path) implements Place {
        @Override
        public String in(String scheme) {
            return scheme + ":" + path;
        }
    }

    /** A file that was uploaded before. */
    record Upload(UUID file) implements Place {
        @Override
        public String in(String scheme) {
            return "upload:" + scheme + ":" + file;
        }
    }

    /** The reference of this place in a scheme such as {@code rootfs}. */
    String in(String scheme);
}
