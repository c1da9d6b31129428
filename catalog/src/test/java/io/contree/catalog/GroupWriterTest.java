package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupWriterTest {
    @TempDir
    private Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.openSqlite(directory.resolve("test.db"));
        database.write(handle -> handle.execute("create table entry (n integer primary key)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static int insert(Handle handle, int n) {
        return handle.createUpdate("insert into entry (n) values (:n)")
                .bind("n", n)
                .execute();
    }

    private List<Integer> entries() {
        return database.read(handle -> handle.createQuery("select n from entry order by n")
                .mapTo(Integer.class)
                .list());
    }

    @Test
    void aWriteThatFailsTakesNothingOfItsGroupWithIt() throws Exception {
        database.write(handle -> insert(handle, 7));
        CountDownLatch leading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<Integer> leader = threads.submit(() -> database.write(handle -> {
                leading.countDown();
                awaitQuietly(goOn);
                return insert(handle, 1);
            }));
            leading.await();
            List<Future<Integer>> group = new ArrayList<>();
            for (int n = 2; n < 12; n++) {
                int value = n;
                group.add(threads.submit(() -> database.write(handle -> {
                    insert(handle, 100 + value);
                    return insert(handle, value);
                })));
            }
            goOn.countDown();
            leader.get();
            int failed = 0;
            for (Future<Integer> write : group) {
                failed += fails(write) ? 1 : 0;
            }
            assertThat(failed).isEqualTo(1);
        }
        assertThat(entries())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 102, 103, 104, 105, 106, 108, 109, 110, 111);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean fails(Future<Integer> write) throws InterruptedException {
        try {
            write.get();
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(StoreException.class).hasMessageContaining("entry.n");
            return true;
        }
    }

    @Test
    void failuresAreThoseOfTheStore() {
        // Our statements fit our tables, so a column that is not there is a damaged one.
        assertThatThrownBy(() -> database.read(handle -> handle.execute("select nothing")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContaining("cannot read from the catalog");
        assertThatThrownBy(() -> database.write(handle -> {
                    throw new IllegalStateException("a defect");
                }))
                .hasMessage("a defect");
        assertThat(entries()).isEmpty();
        database.write(handle -> insert(handle, 1));
        assertThat(entries()).containsExactly(1);
    }

    @Test
    void readersCannotWrite() {
        assertThatThrownBy(() -> database.read(handle -> insert(handle, 1))).isInstanceOf(StoreException.class);
        assertThat(entries()).isEmpty();
    }

    @Test
    void aFullDatabaseIsAFullDisk() {
        database.write(handle -> {
            handle.execute("create table filler (bytes blob)");
            long pages =
                    handle.createQuery("pragma page_count").mapTo(Long.class).one();
            handle.createQuery("pragma max_page_count = " + (pages + 4))
                    .mapTo(Long.class)
                    .one();
            return pages;
        });

        assertThatThrownBy(() -> database.write(handle -> handle.createUpdate("insert into filler values (:bytes)")
                        .bind("bytes", new byte[1 << 20])
                        .execute()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK_FULL));
        database.write(handle -> insert(handle, 1));
        assertThat(entries()).containsExactly(1);
    }
}
