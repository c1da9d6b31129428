package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome.Reason;
import io.contree.sandbox.ExitStatus;
import io.contree.store.Digest;
import io.contree.store.Image;
import java.util.Optional;
import java.util.UUID;

/** How an operation turned out, once and for all. */
public sealed interface Outcome {
    /** An image that an operation reached; its project may use it from then on. */
    record Reached(UUID uuid, Digest contentDigest) {
        public static Reached of(Image image) {
            return new Reached(image.uuid(), image.contentDigest());
        }
    }

    /** SUCCESS of a run: how its main process exited, the image of what it wrote, and the size of its new layer. */
    record Kept(Reached image, long layerBytes, ExitStatus exited) implements Outcome {}

    /** SUCCESS of a disposable run. */
    record ThrownAway(ExitStatus exited) implements Outcome {}

    /** SUCCESS of an import: its image, what it was called, and how many bytes were moved. */
    record Imported(Reached image, Optional<String> called, long bytesMoved) implements Outcome {}

    /**
     * FAILED.
     *
     * @param decided what decided, for a run
     * @param why in words for people
     * @param exit of a run's main process, if it is known
     */
    record Failed(Reason decided, String why, Optional<ExitStatus> exit) implements Outcome {
        public Failed(Reason decided, String why) {
            this(decided, why, Optional.empty());
        }

        /** FAILED by the server or its machine. */
        public Failed(String why) {
            this(Reason.INFRASTRUCTURE, why);
        }

        /** Proposed by work that a verdict cut short; the verdict takes its place. */
        public static Failed cutShort(Optional<ExitStatus> exit) {
            return new Failed(Reason.INFRASTRUCTURE, "it was ended", exit);
        }
    }

    /** CANCELLED, because somebody asked for it. */
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

    /** The image that it made or found. */
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

    /** Bytes of the new layer, or those that an import moved. */
    default Optional<Long> imageSize() {
        return switch (this) {
            case Kept kept -> Optional.of(kept.layerBytes());
            case Imported imported -> Optional.of(imported.bytesMoved());
            case ThrownAway _, Failed _, Cancelled _ -> Optional.empty();
        };
    }

    /** How the main process of a run ended, if it is known. */
    default Optional<ExitStatus> exit() {
        return switch (this) {
            case Kept kept -> Optional.of(kept.exited());
            case ThrownAway thrownAway -> Optional.of(thrownAway.exited());
            case Failed failed -> failed.exit();
            case Cancelled cancelled -> cancelled.exit();
            case Imported _ -> Optional.empty();
        };
    }

    /** The same, imposed on a run whose main process had ended like this, or had not. */
    default Outcome after(Optional<ExitStatus> exit) {
        return switch (this) {
            case Failed failed -> new Failed(failed.decided(), failed.why(), exit);
            case Cancelled _ -> new Cancelled(exit);
            case Kept _, ThrownAway _, Imported _ -> this;
        };
    }
}
