package io.contree.engine.check;

import io.contree.engine.check.EndedOperations.Ended;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.log.LogProof;
import io.contree.linux.RawPath;
import io.contree.store.IoFailure;
import io.contree.store.check.Check.Progress;
import io.contree.store.check.Fault;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Checks the event logs of all operations that have ended, and finds those of none. Changes nothing. Used once. */
public final class LogCheck {
    private static final int SHARDS = 256;
    private static final String SUFFIX = ".jsonl";

    private final Path data;
    private final LogDirectory logs;
    private final EndedOperations operations;
    private final Progress progress;
    private long done;

    /** @param data the engine's directory */
    public LogCheck(Path data, EndedOperations operations, Progress progress) {
        this.data = data;
        this.logs = LogDirectory.at(data);
        this.operations = operations;
        this.progress = progress;
    }

    public void run(Consumer<Fault> faults) {
        operations.forEach(ended -> {
            progress.at("event logs", done++, 0, 0);
            LogProof.problem(logs.file(ended.operation()), ended.exited(), true)
                    .ifPresent(what -> faults.accept(fault(ended, what)));
        });
        try {
            for (int shard = 0; shard < SHARDS; shard++) {
                leftovers(shard, faults);
            }
        } catch (IOException e) {
            throw IoFailure.of("list the event logs", e);
        }
    }

    private static Fault fault(Ended ended, String what) {
        return new Fault(
                Kind.LOG,
                new Subject(Subject.Type.OPERATION, ended.operation().toString()),
                RawPath.EMPTY,
                "of its event log: " + what,
                ended.resultImage().map(List::of).orElse(List.of()));
    }

    /** An operation is recorded before it has a log, but for one that shares the log of another and was not recorded in the end. */
    private void leftovers(int shard, Consumer<Fault> faults) throws IOException {
        List<Path> files = logs.files(shard);
        if (files.isEmpty()) {
            return;
        }
        Set<UUID> known = operations.operations("%02x".formatted(shard));
        for (Path file : files) {
            if (operation(file).filter(known::contains).isEmpty()) {
                String id = data.getFileName() + "/" + data.relativize(file);
                faults.accept(
                        Fault.of(Kind.LEFTOVER, new Subject(Subject.Type.PATH, id), "it is the log of no operation"));
            }
        }
    }

    private static Optional<UUID> operation(Path file) {
        String name = file.getFileName().toString();
        try {
            return name.endsWith(SUFFIX)
                    ? Optional.of(UUID.fromString(name.substring(0, name.length() - SUFFIX.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
