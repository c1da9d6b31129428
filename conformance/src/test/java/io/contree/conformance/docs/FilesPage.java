package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.FileRecord;
import io.contree.api.GrepResult;
import io.contree.sdk.Contree;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.FileContent;
import io.contree.sdk.Grep;
import io.contree.sdk.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    default void trees() throws IOException {
        Image ubuntu = ubuntu();
        Path local = local();
        // docs: files-tree
        Path etc = ubuntu.downloadTree("/etc", local.resolve("etc")); // with everything below it
        try (InputStream tar = ubuntu.archive("/etc")) { // or as a tar, as it comes
            Files.copy(tar, local.resolve("etc.tar"));
        }
        // end
        assertThat(etc.resolve("passwd")).content().startsWith("root:");
        assertThat(local.resolve("etc.tar")).isNotEmptyFile();
    }

    @Test
    default void searching() {
        Image ubuntu = ubuntu();
        // docs: files-grep
        GrepResult found =
                ubuntu.grep(Grep.of("root").path("/etc").glob("pass*").maxTotal(10));
        for (GrepResult.Line line : found.matches()) {
            System.out.print(line.path() + ":" + line.lineNumber() + ": " + line.lineText());
        }
        // end
        assertThat(printed()).startsWith("/etc/passwd:1: root:");
    }

    @Test
    default void applying() {
        Image ubuntu = ubuntu();
        // docs: files-apply
        Image configured = ubuntu.applyFiles(
                Map.of("/etc/app.conf", FileContent.of("port = 8080\n"), "/etc/motd", FileContent.of("welcome\n")));
        // end
        assertThat(configured.readText("/etc/app.conf")).isEqualTo("port = 8080\n");
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
