package io.contree.sdk;

import io.contree.sdk.internal.http.Transport.StreamReply;
import io.contree.sdk.nio.ImageTree;
import io.contree.sdk.nio.ListedDirectory;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;

/** An image of a server, as the file system sees it. */
record ServedTree(Api api, URI server, UUID image) implements ImageTree {
    @Override
    public ListedDirectory list(String path) {
        return api.get(action("list", path), request("list", path) + "&details=1", ListedDirectory.class);
    }

    @Override
    public Content open(String path) {
        StreamReply reply = api.stream(action("read", path), request("download", path), Api.FILE);
        OptionalLong length = reply.length().map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return new Content(reply.body(), length);
    }

    private String action(String what, String path) {
        return what + " " + URLDecoder.decode(path, StandardCharsets.UTF_8) + " of image " + image;
    }

    private String request(String what, String path) {
        return "/inspect/" + image + "/" + what + "?path=" + path;
    }
}
