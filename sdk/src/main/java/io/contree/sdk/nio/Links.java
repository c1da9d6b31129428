package io.contree.sdk.nio;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.util.Arrays;
import java.util.Collection;

/** What options say about links at the end of a path. */
final class Links {
    private Links() {}

    static boolean followed(LinkOption... options) {
        return followed(Arrays.asList(options));
    }

    static boolean followed(Collection<? extends OpenOption> options) {
        return options.stream().noneMatch(option -> option == LinkOption.NOFOLLOW_LINKS);
    }
}
