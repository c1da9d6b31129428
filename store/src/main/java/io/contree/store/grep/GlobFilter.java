package io.contree.store.grep;

import io.contree.linux.RawPath;
import java.util.List;

/** Which files a search looks into, and which directories it enters. Safe for several threads. */
final class GlobFilter {
    private final List<Glob> globs;
    private final boolean includes;

    GlobFilter(List<String> globs) {
        this.globs =
                globs.stream().filter(glob -> !glob.isEmpty()).map(Glob::new).toList();
        this.includes = this.globs.stream().anyMatch(glob -> !glob.excludes());
    }

    /**
     * Whether an absolute path is taken. The last glob that matches decides; if none does, directories are taken,
     * and files unless some glob includes.
     */
    boolean takes(RawPath path, boolean directory) {
        if (globs.isEmpty()) {
            return true;
        }
        String relative = path.toString().substring(1);
        for (Glob glob : globs.reversed()) {
            if (glob.fits(relative, directory)) {
                return !glob.excludes();
            }
        }
        return directory || !includes;
    }
}
