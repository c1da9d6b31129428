package io.contree.sdk.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
    @TempDir
    Path root;

    private LocalTree tree;

    @BeforeEach
    void fill() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            Path directory = Files.createDirectory(root.resolve(name));
            for (int i = 0; i < 9; i++) {
                Files.createFile(directory.resolve("file" + i));
            }
        }
        tree = new LocalTree(root);
    }

    @Test
    void manyThreadsAskOnce() throws Exception {
        Directories directories = new Directories(tree);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Directory>> calls = IntStream.range(0, 50)
                    .<Callable<Directory>>mapToObj(i -> () -> directories.list("/a"))
                    .toList();
            assertThat(threads.invokeAll(calls))
                    .map(call -> call.get().entries())
                    .allMatch(list -> list.size() == 9);
        }
        assertThat(tree.requests()).containsExactly("list /a");
    }

    @Test
    void keepsThoseThatWereUsedLast() {
        Directories directories = new Directories(tree, 20);
        directories.list("/a");
        directories.list("/b");
        directories.list("/a");
        directories.list("/c");
        directories.list("/a");
        assertThat(tree.requests()).containsExactly("list /a", "list /b", "list /c");
        directories.list("/b");
        assertThat(tree.requests()).hasSize(4);
    }

    @Test
    void aDirectoryLargerThanTheLimitIsKeptUntilTheNext() {
        Directories directories = new Directories(tree, 5);
        directories.list("/a");
        directories.list("/a");
        directories.list("/b");
        directories.list("/a");
        assertThat(tree.requests()).containsExactly("list /a", "list /b", "list /a");
    }
}
