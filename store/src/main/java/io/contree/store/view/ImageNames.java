package io.contree.store.view;

import io.contree.linux.RawPath;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Owner names from an image's {@code /etc/passwd} and {@code /etc/group}, which may hold anything. */
final class ImageNames implements ImageView.Names {
    /** No more of a file than this is read: real ones are smaller. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int LONGEST_NAME = 256;

    private final Map<Integer, String> users;
    private final Map<Integer, String> groups;

    private ImageNames(Map<Integer, String> users, Map<Integer, String> groups) {
        this.users = users;
        this.groups = groups;
    }

    static ImageNames of(ImageView view) {
        return new ImageNames(parse(text(view, "/etc/passwd")), parse(text(view, "/etc/group")));
    }

    private static String text(ImageView view, String path) {
        try (var bytes = view.open(new RawPath(path)).bytes()) {
            return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (StoreException | IOException e) {
            // An image without readable names has numbers only.
            return "";
        }
    }

    /** Lines of {@code name:password:id:…}; the first name of an id counts, other lines are ignored. */
    static Map<Integer, String> parse(String text) {
        Map<Integer, String> names = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] fields = line.split(":", 4);
            if (fields.length >= 3 && isName(fields[0])) {
                id(fields[2]).ifPresent(id -> names.putIfAbsent(id, fields[0]));
            }
        }
        return names;
    }

    private static Optional<Integer> id(String field) {
        try {
            return Optional.of(Integer.parseUnsignedInt(field));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isName(String field) {
        return !field.isEmpty()
                && field.length() <= LONGEST_NAME
                && field.chars().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c));
    }

    @Override
    public Optional<String> user(int uid) {
        return Optional.ofNullable(users.get(uid));
    }

    @Override
    public Optional<String> group(int gid) {
        return Optional.ofNullable(groups.get(gid));
    }
}
