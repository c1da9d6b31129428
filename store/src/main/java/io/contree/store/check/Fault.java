package io.contree.store.check;

import io.contree.linux.RawPath;
import io.contree.store.LayerId;
import java.util.List;
import java.util.UUID;

/**
 * Something that is not as it was recorded.
 *
 * @param path within a layer, else empty
 * @param what in words, for people
 * @param images that it affects
 */
public record Fault(Kind kind, Subject subject, RawPath path, String what, List<UUID> images) {
    /** What is wrong. */
    public enum Kind {
        /** The database file, or how its records refer to each other. */
        CATALOG,
        /** An image's record contradicts itself or cannot be read. */
        IMAGE,
        /** An image's layers show another state than its record says. */
        STATE,
        /** A layer is not there. */
        LAYER,
        /** A manifest is not what was written. */
        MANIFEST,
        /** The sums of a stack are not what was written, or not those of the stack. */
        SUMS,
        /** A layer lacks an entry. */
        MISSING,
        /** A layer has an entry that its manifest does not list. */
        EXTRA,
        /** An entry of a layer has other attributes than its manifest says. */
        CHANGED,
        /** A file holds other bytes than were written. */
        CONTENT,
        /** The disk does not let something be read. */
        UNREADABLE,
        /** An uploaded file is missing or cut. */
        UPLOAD,
        /** The event log of an operation is missing, cut or changed. */
        LOG,
        /** A layer was recorded as damaged. */
        MARKED,
        /** Nothing names it: no harm to any image. */
        LEFTOVER;

        /** Whether everything that is recorded is whole in spite of it. */
        public boolean isHarmless() {
            return this == LEFTOVER;
        }
    }

    /**
     * What a fault is in.
     *
     * @param id a UUID, a digest, or a path below the data directory
     */
    public record Subject(Type type, String id) {
        /** What there is. */
        public enum Type {
            CATALOG,
            IMAGE,
            LAYER,
            SKELETON,
            CONTENT,
            UPLOAD,
            OPERATION,
            PATH
        }

        public static Subject of(LayerId layer) {
            return new Subject(Type.LAYER, layer.toString());
        }
    }

    public Fault {
        images = List.copyOf(images);
    }

    /** A fault that affects no image, or whose images are not known yet. */
    public static Fault of(Kind kind, Subject subject, String what) {
        return new Fault(kind, subject, RawPath.EMPTY, what, List.of());
    }

    Fault affecting(List<UUID> affected) {
        return new Fault(kind, subject, path, what, affected);
    }
}
