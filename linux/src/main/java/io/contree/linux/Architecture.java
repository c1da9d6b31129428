package io.contree.linux;

import java.util.Locale;

/** The architectures whose system call numbers and open flags this module knows. */
enum Architecture {
    X86_64(0x10000, 0x20000),
    ARM64(0x4000, 0x8000);

    static final Architecture CURRENT = of(System.getProperty("os.arch"));

    /** O_DIRECTORY, which differs between them. */
    final int directoryFlag;
    /** O_NOFOLLOW, which differs between them. */
    final int noFollowFlag;

    Architecture(int directoryFlag, int noFollowFlag) {
        this.directoryFlag = directoryFlag;
        this.noFollowFlag = noFollowFlag;
    }

    static Architecture of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> ARM64;
            default ->
                throw new UnsupportedOperationException(
                        "no system call numbers for architecture " + name + "; x86-64 and arm64 are supported");
        };
    }
}
