package io.contree.store.check;

import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.StoredFile;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Whether uploaded files are there and, if they are read, hold what they are named by. Used once. */
final class UploadCheck {
    private final Layout layout;
    private final Records records;
    private final boolean readData;
    private final LongConsumer bytesRead;
    private final Check.Progress progress;

    UploadCheck(Layout layout, Records records, boolean readData, LongConsumer bytesRead, Check.Progress progress) {
        this.layout = layout;
        this.records = records;
        this.readData = readData;
        this.bytesRead = bytesRead;
        this.progress = progress;
    }

    void run(Consumer<Fault> faults) {
        List<StoredFile> files = new ArrayList<>();
        records.forEachFile(files::add);
        long done = 0;
        for (StoredFile file : files) {
            progress.at("uploaded files", done++, files.size(), 0);
            problem(file)
                    .ifPresent(what -> faults.accept(Fault.of(
                            Kind.UPLOAD,
                            new Subject(Subject.Type.UPLOAD, file.digest().toString()),
                            what)));
        }
    }

    private Optional<String> problem(StoredFile file) {
        Path path = layout.file(file.digest());
        try {
            if (!file.digest().uuid().equals(file.uuid())) {
                return Optional.of("its record has another UUID than follows from its digest");
            }
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of("it is missing");
            }
            if (Files.size(path) != file.size()) {
                return Optional.of("it has " + Files.size(path) + " bytes and had " + file.size());
            }
            if (readData && !holds(path, file)) {
                return Optional.of("it holds other bytes than were uploaded");
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + IoFailure.reason(e));
        }
    }

    private boolean holds(Path path, StoredFile file) throws IOException {
        boolean same = Digest.ofFile(path).equals(file.digest());
        bytesRead.accept(file.size());
        return same;
    }
}
