package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome.Reason;
import io.contree.sandbox.ExitStatus;
import io.contree.store.Digest;
import io.contree.store.Image;
import java.util.Optional;
import java.util.UUID;

/** What an operation came to, for ever. */
public sealed interface Outcome {
    /** An image that an operation reached; its project may use it from then on. */
    record Reached(UUID uuid, Digest contentDigest) {
        public static Reached of(Image image) {
            return new Reached(image.uuid(), image.contentDigest());
        }
    }

    /** SUCCESS of a run: its main process exited so, and what it wrote is an image with a new layer of so many bytes. */
    record Kept(Reached image, long layerBytes, ExitStatus exited) implements Outcome {}

    /** SUCCESS of a disposable run. */
    record ThrownAway(ExitStatus exited) implements Outcome {}

    /** SUCCESS of an import, which moved so many bytes and called its image so. */
    record Imported(Reached image, Optional<String> called, long bytesMoved) implements Outcome {}

    /**
     * FAILED.
     *
     * @param decided by what, for a run
     * @param why for people
     * @param exit of a run's main process, if it ended and told
     */
    record Failed(Reason decided, String why, Optional<ExitStatus> exit) implements Outcome {
        public Failed(Reason decided, String why) {
            this(decided, why, Optional.empty());
        }

        /** By the server or its machine. */
        public Failed(String why) {
            this(Reason.INFRASTRUCTURE, why);
        }

        /** What work proposes that a verdict cut short, which takes its place. */
        public static Failed cutShort(Optional<ExitStatus> exit) {
            return new Failed(Reason.INFRASTRUCTURE, "it was ended", exit);
        }
    }

    /** CANCELLED, since somebody asked for it. */
    record Cancelled(Optional<ExitStatus> exit) implements Outcome {
        public Cancelled() {
            this(Optional.empty());
        }
    }

    /** The state that clients see. */
    default OperationStatus status() {
        return switch (this) {
            case Kept _, ThrownAway _, Imported _ -> OperationStatus.SUCCESS;
            case Failed _ -> OperationStatus.FAILED;
            case Cancelled _ -> OperationStatus.CANCELLED;
        };
    }

    /** Why it FAILED; empty otherwise. */
    default Optional<String> error() {
        return this instanceof Failed failed ? Optional.of(failed.why()) : Optional.empty();
    }

    /** What it made or found. */
    default Optional<Reached> reached() {
        return switch (this) {
            case Kept kept -> Optional.of(kept.image());
            case Imported imported -> Optional.of(imported.image());
            case ThrownAway _, Failed _, Cancelled _ -> Optional.empty();
        };
    }

    /** What an import called its image. */
    default Optional<String> tag() {
        return this instanceof Imported imported ? imported.called() : Optional.empty();
    }

    /** Bytes of the new layer, or that an import moved. */
    default Optional<Long> imageSize() {
        return switch (this) {
            case Kept kept -> Optional.of(kept.layerBytes());
            case Imported imported -> Optional.of(imported.bytesMoved());
            case ThrownAway _, Failed _, Cancelled _ -> Optional.empty();
        };
    }

    /** How the main process of a run ended, if it did and told. */
    default Optional<ExitStatus> exit() {
        return switch (this) {
            case Kept kept -> Optional.of(kept.exited());
            case ThrownAway thrownAway -> Optional.of(thrownAway.exited());
            case Failed failed -> failed.exit();
            case Cancelled cancelled -> cancelled.exit();
            case Imported _ -> Optional.empty();
        };
    }

    /** The same, imposed on a run whose main process had ended so, or had not. */
    default Outcome after(Optional<ExitStatus> exit) {
        return switch (this) {
            case Failed failed -> new Failed(failed.decided(), failed.why(), exit);
            case Cancelled _ -> new Cancelled(exit);
            case Kept _, ThrownAway _, Imported _ -> this;
        };
    }
}
