package io.contree.store.oci;

import io.contree.linux.RawPath;
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
    public void directory(RawPath path, Attributes attributes) {
        calls.add("directory " + path.raw() + " " + Integer.toOctalString(attributes.mode()));
    }

    @Override
    public void file(RawPath path, Attributes attributes, InputStream content) throws IOException {
        byte[] read = content.readAllBytes();
        bytes += read.length;
        calls.add("file " + path.raw() + " " + new String(read, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void symlink(RawPath path, RawPath target, Attributes attributes) {
        calls.add("symlink " + path.raw() + " " + target.raw());
    }

    @Override
    public void hardLink(RawPath path, RawPath target) {
        calls.add("hardLink " + path.raw() + " " + target.raw());
    }

    @Override
    public void node(RawPath path, NodeType type, int major, int minor, Attributes attributes) {
        calls.add("node " + path.raw() + " " + type + " " + major + ":" + minor);
    }

    @Override
    public void whiteout(RawPath path) {
        calls.add("whiteout " + path.raw());
    }

    @Override
    public void opaque(RawPath directory) {
        calls.add("opaque " + directory.raw());
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
