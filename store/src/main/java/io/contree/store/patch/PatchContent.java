package io.contree.store.patch;

import io.contree.linux.Stat;
import io.contree.store.ImageDiff.Side;
import io.contree.store.ImageView;
import io.contree.store.ImageView.OpenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jgit.diff.RawText;

/** What git keeps as the content of an entry: the bytes of a file, or the target of a symbolic link. */
final class PatchContent {
    /** Larger files are written as binary ones: lines are found in memory. */
    static final int MOST_TEXT = 2 << 20;

    private final Optional<Side> side;
    private final ImageView view;

    /** @param side empty for no entry */
    PatchContent(Optional<Side> side, ImageView view) {
        this.side = side;
        this.view = view;
    }

    boolean exists() {
        return side.isPresent();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** In bytes. */
    long size() {
        return side.map(entry -> entry.type() == Stat.SYMLINK ? entry.target().length() : entry.size())
                .orElse(0L);
    }

    /** The mode that git has for it: it knows links, and files that may be executed or not. */
    String mode() {
        int mode = side.orElseThrow().mode();
        if ((mode & Stat.TYPE_MASK) == Stat.SYMLINK) {
            return "120000";
        }
        return (mode & 0100) != 0 ? "100755" : "100644";
    }

    private InputStream open() {
        if (side.isEmpty()) {
            return InputStream.nullInputStream();
        }
        Side entry = side.get();
        if (entry.type() == Stat.SYMLINK) {
            return new ByteArrayInputStream(entry.target().bytes());
        }
        OpenFile file = view.open(entry.path());
        return file.bytes();
    }

    /** The name of its blob in git, SHA-1 in hexadecimal; zeros for no entry. */
    String blob() throws IOException {
        if (side.isEmpty()) {
            return "0".repeat(40);
        }
        MessageDigest sha1 = sha1();
        sha1.update(("blob " + size() + "\0").getBytes(StandardCharsets.US_ASCII));
        copyTo(new DigestOutput(sha1));
        return HexFormat.of().formatHex(sha1.digest());
    }

    /** Its lines; empty if git would take it for binary, or it is large. */
    Optional<RawText> text() throws IOException {
        if (size() > MOST_TEXT) {
            return Optional.empty();
        }
        try (InputStream in = open()) {
            byte[] bytes = in.readAllBytes();
            return RawText.isBinary(bytes) ? Optional.empty() : Optional.of(new RawText(bytes));
        }
    }

    void copyTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1"); // git's choice; nothing here rests on it
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static final class DigestOutput extends OutputStream {
        private final MessageDigest digest;

        DigestOutput(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void write(int one) {
            digest.update((byte) one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            digest.update(bytes, from, length);
        }
    }
}
