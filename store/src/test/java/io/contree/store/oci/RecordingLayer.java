package io.contree.store.oci;

import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A layer that only remembers what it was told, one line for each call. */
final class RecordingLayer implements LayerWriter {
    final List<String> calls = new ArrayList<>();
    private long bytes;

    @Override
    public void directory(String path, Attributes attributes) {
        calls.add("directory " + path + " " + Integer.toOctalString(attributes.mode()));
    }

    @Override
    public void file(String path, Attributes attributes, InputStream content) throws IOException {
        byte[] read = content.readAllBytes();
        bytes += read.length;
        calls.add("file " + path + " " + new String(read, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void symlink(String path, String target, Attributes attributes) {
        calls.add("symlink " + path + " " + target);
    }

    @Override
    public void hardLink(String path, String target) {
        calls.add("hardLink " + path + " " + target);
    }

    @Override
    public void node(String path, NodeType type, int major, int minor, Attributes attributes) {
        calls.add("node " + path + " " + type + " " + major + ":" + minor);
    }

    @Override
    public void whiteout(String path) {
        calls.add("whiteout " + path);
    }

    @Override
    public void opaque(String directory) {
        calls.add("opaque " + directory);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public LayerId finish() {
        throw new IllegalStateException("a recording cannot be finished");
    }

    @Override
    public void close() {}
}
