package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.api.ImportRequest;
import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.engine.Caller;
import io.contree.engine.OperationDetails;
import io.contree.engine.Samples;
import io.contree.engine.StoredForm;
import io.contree.store.Digest;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.StoreException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
    private static final ImportRequest REQUEST = new ImportRequest(
            new ImportRequest.Registry(
                    "docker://127.0.0.1:5000/app:1", Optional.of(new ImportRequest.Credentials("me", "hunter2"))),
            Optional.of("app:1"),
            1);

    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data);
    }

    @AfterEach
    void close() {
        fixture.close();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    private UUID start() {
        return fixture.engine.operations().importImage(fixture.caller, REQUEST);
    }

    /** One that has the time to succeed on a busy machine. */
    private UUID startPatiently() {
        return fixture.engine
                .operations()
                .importImage(fixture.caller, new ImportRequest(REQUEST.registry(), REQUEST.tag(), 60));
    }

    @Test
    void makesAnImageOfTheProjectUnderItsTag() throws Exception {
        AtomicReference<ImportSource> source = new AtomicReference<>();
        fixture.store.importing = (from, progress) -> {
            source.set(from);
            progress.step("layer 1", 0, 10);
            progress.step("layer 1", 5, 10);
            progress.step("layer 1", 10, 10);
            return new Importer.Imported(fixture.store.image(Map.of("/bin/sh", "sh")), 10);
        };
        UUID operation = startPatiently();
        OperationDetails details = fixture.end(operation);

        assertThat(details.summary().status()).as(details.summary().error()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.resultTag()).contains("app:1");
        assertThat(details.result()).isEmpty();
        assertThat(fixture.engine.images().byTag(fixture.caller, "app:1").uuid())
                .isEqualTo(details.summary().resultImageUuid());
        assertThat(source.get().credentials()).contains(new ImportSource.Credentials("me", "hunter2"));
        assertThat(details.request())
                .hasToString(details.request().toString())
                .satisfies(request -> assertThat(StoredForm.of(request))
                        .doesNotContain("hunter2")
                        .contains("<MASKED>"));
        List<OperationEvent> events = fixture.events(operation);
        // On a slow machine the step in the middle comes late enough to be reported too.
        assertThat(events)
                .extracting(OperationEvent::type)
                .hasSizeBetween(3, 4)
                .startsWith("progress", "progress")
                .endsWith("completion");
        assertThat(events.get(events.size() - 2).data())
                .isEqualTo(Map.of("step", "layer 1", "done_bytes", 10, "total_bytes", 10));
    }

    @Test
    void anUploadedFileIsImportedByTheProjectThatHasIt() throws Exception {
        AtomicReference<ImportSource> source = new AtomicReference<>();
        fixture.store.importing = (from, progress) -> {
            source.set(from);
            return new Importer.Imported(fixture.store.image(Map.of("/bin/sh", "sh")), 10);
        };
        FileRecord file = fixture.engine
                .files()
                .put(fixture.caller, new ByteArrayInputStream("tar".getBytes(StandardCharsets.UTF_8)));
        ImportRequest request = Samples.imported("upload:rootfs:" + file.uuid(), Optional.empty());

        fixture.end(fixture.engine.operations().importImage(fixture.caller, request));

        assertThat(source.get().upload()).contains(new Digest(file.sha256()));
        Caller stranger = Samples.caller(UUID.randomUUID());
        assertThatThrownBy(() -> fixture.engine.operations().importImage(stranger, request))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aRegistryThatRefusesFailsItWithItsWords() throws Exception {
        fixture.store.importing = (from, progress) -> {
            throw new StoreException(StoreException.Kind.REGISTRY, "127.0.0.1:5000 answered 401 Unauthorized");
        };
        OperationDetails details = fixture.end(start());

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).isEqualTo("127.0.0.1:5000 answered 401 Unauthorized");
        assertThat(details.summary().resultImageUuid()).isNull();
    }

    private void hang(CountDownLatch hanging) {
        fixture.store.importing = (from, progress) -> {
            hanging.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(progress.cancelled()).isTrue();
            throw new StoreException(StoreException.Kind.CANCELLED, "cancelled");
        };
    }

    @Test
    void aCancelInterruptsIt() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        hang(hanging);
        UUID operation = start();
        hanging.await();
        fixture.engine.operations().cancel(fixture.caller, operation);

        assertThat(fixture.end(operation).summary().status()).isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void theStoreIsToldTheTimeoutAndItsFailureIsThatOfTheOperation() throws Exception {
        fixture.store.importing = (from, progress) -> {
            assertThat(from.timeout()).isEqualTo(Duration.ofSeconds(1));
            throw new StoreException(StoreException.Kind.REGISTRY, "The import timed out after 1 s.");
        };
        OperationDetails details = fixture.end(start());

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).contains("timed out after 1 s");
    }

    @Test
    void tooLongTimeoutsAreCut() throws Exception {
        AtomicReference<Duration> timeout = new AtomicReference<>();
        fixture.store.importing = (from, progress) -> {
            timeout.set(from.timeout());
            throw new StoreException(StoreException.Kind.REGISTRY, "refused");
        };
        fixture.end(fixture.engine
                .operations()
                .importImage(fixture.caller, new ImportRequest(REQUEST.registry(), REQUEST.tag(), Integer.MAX_VALUE)));

        assertThat(timeout.get()).isEqualTo(Duration.ofHours(1));
    }
}
