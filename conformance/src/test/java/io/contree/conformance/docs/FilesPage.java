package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.FileRecord;
import io.contree.sdk.Contree;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.FileContent;
import io.contree.sdk.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/sdk/files.md. */
public interface FilesPage extends DocsPage {
    @Test
    default void reading() throws IOException {
        Image ubuntu = ubuntu();
        Path local = local();
        // docs: files
        String users = ubuntu.readText("/etc/passwd");
        byte[] shell = ubuntu.read("/bin/sh");
        boolean there = ubuntu.exists("/etc/shadow");
        Path copy = ubuntu.download("/etc/passwd", local.resolve("files/downloaded")); // into the directory
        // end
        assertThat(users).startsWith("root:").isEqualTo(Files.readString(copy));
        assertThat(copy.getFileName()).hasToString("passwd");
        assertThat(shell).isNotEmpty();
        assertThat(there).isFalse();
    }

    @Test
    default void listingDirectories() {
        Image ubuntu = ubuntu();
        // docs: files-ls
        for (DirectoryEntry entry : ubuntu.ls("/")) {
            String kind = entry.isDir() ? "d" : entry.isSymlink() ? "l" : "-";
            System.out.printf("%s%04o %8d %s%n", kind, entry.permissions(), entry.size(), entry.path());
        }
        // end
        assertThat(printed()).containsPattern("d0700 +\\d+ root\n");
    }

    @Test
    default void uploading() {
        Contree contree = contree();
        Path local = local();
        // docs: files-upload
        FileRecord file = contree.files().upload(FileContent.of(local.resolve("files/data_ver1.csv")));
        System.out.println(file.uuid() + " " + file.sha256() + " " + file.size());
        System.out.println(contree.files().find(file.sha256()).isPresent()); // true
        // end
        assertThat(printed()).endsWith(" 8\ntrue\n");
    }
}
